//! What the programme has retired is recorded no more; what was is read and counted as before.

use jiedui_kernel::{Date, Error, Result};
use jiedui_programme::Retires;

/// Refuses to begin one of a kind that is retired.
pub fn refuse(of: &impl Retires, today: Date) -> Result<()> {
    match of.retired().filter(|_| !of.is_offered_on(today)) {
        None => Ok(()),
        Some(day) => {
            let name = of.name();
            let words = format!("“{name}”自 {day} 起停用，不再登记；以前登记的照常可看、照常计入。");
            Err(Error::Forbidden(words))
        }
    }
}
