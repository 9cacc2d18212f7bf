//! The unified social credit code 统一社会信用代码 (GB 32100-2015): 18 characters, the last a check character.

/// What is wrong with a code, if anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CreditCode {
    Ok,
    /// A character outside digits and capital letters without I, O, S, V, Z.
    BadCharacters,
    /// Not 18 characters.
    BadLength,
    /// The last character does not fit the others. Old codes with this fault are in use, so callers warn and take it.
    BadChecksum,
}

/// The characters in the order of their values 0 … 30; 31 of them, a prime, so that every slip shows.
const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
/// 3^(i-1) mod 31 for the first 17 places.
const WEIGHTS: [usize; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];

/// Checks a code as GB 32100-2015 has it; neither spaces nor small letters are forgiven, so trim and capitalise before.
pub fn credit_code(code: &str) -> CreditCode {
    if code.chars().count() != 18 {
        return CreditCode::BadLength;
    }
    let value = |digit: u8| ALPHABET.iter().position(|letter| *letter == digit);
    let Some(values) = code.bytes().map(value).collect::<Option<Vec<_>>>() else {
        return CreditCode::BadCharacters;
    };
    let sum: usize = values.iter().zip(WEIGHTS).map(|(value, weight)| value * weight).sum();
    let check = (31 - sum % 31) % 31;
    if values.last() == Some(&check) { CreditCode::Ok } else { CreditCode::BadChecksum }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_codes() {
        assert_eq!(credit_code("91350100M000100Y43"), CreditCode::Ok);
        assert_eq!(credit_code("91512081MA62K0260E"), CreditCode::Ok);
    }

    #[test]
    fn each_fault_is_named() {
        assert_eq!(credit_code("91350100M000100Y44"), CreditCode::BadChecksum);
        assert_eq!(credit_code("91350100M000100Y4Z"), CreditCode::BadCharacters);
        assert_eq!(credit_code("91350100m000100Y43"), CreditCode::BadCharacters);
        assert_eq!(credit_code("91350100M000100Y4"), CreditCode::BadLength);
        assert_eq!(credit_code(""), CreditCode::BadLength);
        assert_eq!(credit_code("统一社会信用代码统一社会信用代码统一"), CreditCode::BadCharacters);
    }

    #[test]
    fn a_single_wrong_character_shows() {
        let code = b"91512081MA62K0260E";
        for place in 0..18 {
            for letter in ALPHABET.iter().filter(|letter| **letter != code[place]) {
                let mut wrong = *code;
                wrong[place] = *letter;
                let wrong = String::from_utf8_lossy(&wrong);
                assert_eq!(credit_code(&wrong), CreditCode::BadChecksum, "{wrong}");
            }
        }
    }
}
