//! A new migration alone makes the crate be built again: the compiler does not see that the files are read.

fn main() {
    println!("cargo:rerun-if-changed=../../migrations");
}
