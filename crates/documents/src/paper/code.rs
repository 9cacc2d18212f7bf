//! Square codes that a telephone opens.

use crate::error::Error;
use qrcode::{Color, QrCode};

/// The dark squares of a code, row by row, with the number on a side.
pub fn squares(address: &str) -> Result<(usize, Vec<bool>), Error> {
    let code = QrCode::new(address).map_err(|cause| Error::Spec(format!("{address}: {cause}")))?;
    Ok((code.width(), code.to_colors().into_iter().map(|colour| colour == Color::Dark).collect()))
}

/// The code as a bitmap of one bit, four squares of quiet around it: the one picture format that needs no library.
pub fn picture(address: &str) -> Result<Vec<u8>, Error> {
    const SCALE: usize = 4;
    const QUIET: usize = 4;
    let (width, dark) = squares(address)?;
    let side = (width + 2 * QUIET) * SCALE;
    let stride = side.div_ceil(32) * 4;
    let number = |value: usize| u32::try_from(value).unwrap_or(u32::MAX).to_le_bytes();
    let mut bytes = b"BM".to_vec();
    for value in [62 + stride * side, 0, 62, 40, side, side] {
        bytes.extend(number(value));
    }
    bytes.extend([1, 0, 1, 0]);
    // 300 dots to the inch.
    for value in [0, stride * side, 11_811, 11_811, 2, 2] {
        bytes.extend(number(value));
    }
    bytes.extend([0, 0, 0, 0, 255, 255, 255, 0]);
    // From the bottom row to the top one.
    for y in (0..side).rev() {
        let mut line = vec![0_u8; stride];
        for x in 0..side {
            let inside = |at: usize| (at / SCALE).checked_sub(QUIET).filter(|at| *at < width);
            let is_dark = inside(x).zip(inside(y)).is_some_and(|(x, y)| dark[y * width + x]);
            if !is_dark {
                line[x / 8] |= 0x80 >> (x % 8);
            }
        }
        bytes.extend(line);
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_picture_says_its_own_length() {
        let picture = picture("https://example.gov.cn/p/1").unwrap();
        assert_eq!(picture.len(), u32::from_le_bytes(picture[2..6].try_into().unwrap()) as usize);
        assert!(squares(&"x".repeat(5000)).is_err(), "too long for a code");
    }
}
