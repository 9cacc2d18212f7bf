//! Bytes as digests, signatures and tokens are written.

/// Two small hexadecimal digits for each byte.
pub fn hex(bytes: impl AsRef<[u8]>) -> String {
    bytes.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::hex;

    #[test]
    fn every_byte_has_two_digits() {
        assert_eq!(hex([0_u8, 10, 255]), "000aff");
        assert_eq!(hex([0_u8; 0]), "");
    }
}
