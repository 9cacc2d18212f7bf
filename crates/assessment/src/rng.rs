//! SplitMix64 (Steele, Lea, Flood, 2014): the same numbers from the same seed for ever, on every machine.

pub(crate) struct SplitMix(u64);

impl SplitMix {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// From `-most` to `most`. The remainder favours some by less than one in 2⁵⁰, which no place can show.
    pub fn around(&mut self, most: i64) -> i64 {
        let span = most.unsigned_abs() * 2 + 1;
        i64::try_from(self.next() % span).unwrap_or(0) - most
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_gives_what_others_give_from_this_seed() {
        let mut rng = SplitMix::new(1_234_567);
        assert_eq!([rng.next(), rng.next()], [6_457_827_717_110_365_317, 3_203_168_211_198_807_973]);
        assert!((0..1_000).all(|_| (-7..=7).contains(&rng.around(7))));
        assert_eq!(rng.around(0), 0);
    }
}
