//! stub
use crate::{Instance, Solution};
use jiedui_kernel::FieldError;

/// # Errors
/// Every lie found.
pub fn verify(_instance: &Instance, _solution: &Solution) -> Result<(), Vec<FieldError>> {
    Ok(())
}
