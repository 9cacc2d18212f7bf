//! The workbooks as callers meet them: what is written reads back, every error names its place, hostile files do no
//! harm. One test binary, because linking it is most of the wait.

#[cfg(test)]
mod asked;
#[cfg(test)]
mod common;
#[cfg(test)]
mod errors;
#[cfg(test)]
mod existing;
#[cfg(test)]
mod form;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod round_trip;
