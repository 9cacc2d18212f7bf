//! The rules on the real tree.

use jiedui_house::complaint::{Complaint, report};
use jiedui_house::tree::{File, files, root};
use jiedui_house::{
    flattened, layers, manifest, mechanisms, overview, pages, quoted, sizes, sql, states, templates, terms,
    typed, unused, waivers, words,
};

fn tree() -> Vec<File> {
    let files = files(&root()).expect("the tree can be read");
    assert!(files.len() > 20, "only {} files: the tree was not found", files.len());
    files
}

fn none(complaints: &[Complaint]) {
    assert!(
        complaints.is_empty(),
        "{} breaches of a rule of the house:{}",
        complaints.len(),
        report(complaints)
    );
}

/// The manifests of the members.
fn manifests(files: &[File]) -> Vec<&File> {
    let of_member = |file: &&File| file.path.starts_with("crates/") && file.name() == "Cargo.toml";
    files.iter().filter(of_member).collect()
}

#[test]
fn files_can_be_read_in_one_sitting() {
    let files = tree();
    println!("median length of a Rust file: {} lines (wanted: 120 at most)", sizes::median_lines(&files));
    none(&sizes::long_files(&files));
}

#[test]
fn functions_are_kept_short_by_a_lint() {
    none(&sizes::function_lint(&tree()));
}

#[test]
fn crates_lean_one_way() {
    none(&layers::layers(&manifests(&tree())));
}

#[test]
fn dependencies_have_their_reasons() {
    let files = tree();
    let root = files.iter().find(|file| file.path == "Cargo.toml").unwrap();
    none(&manifest::reasons(root));
    none(&manifest::members(&manifests(&files)));
}

#[test]
fn mechanisms_speak_through_their_front_door() {
    none(&mechanisms::reaching(&tree()));
}

#[test]
fn mechanisms_form_no_circle() {
    none(&mechanisms::circles(&tree()));
}

#[test]
fn files_of_a_mechanism_have_the_names_of_the_house() {
    none(&mechanisms::rooms(&tree()));
}

#[test]
fn rooms_of_a_mechanism_form_no_circle() {
    none(&mechanisms::circles_of_rooms(&tree()));
}

#[test]
fn files_of_a_room_form_no_circle() {
    none(&mechanisms::circles_of_files(&tree()));
}

#[test]
fn the_overview_has_each_mechanism_in_the_one_row_of_its_group() {
    none(&overview::overview(&tree()));
}

#[test]
fn groups_see_only_what_stands_lower() {
    none(&mechanisms::upward(&tree()));
}

#[test]
fn sql_stands_where_it_belongs() {
    none(&sql::misplaced(&tree()));
}

#[test]
fn sql_is_never_built() {
    none(&sql::built(&tree()));
}

#[test]
fn states_are_no_text() {
    none(&states::as_text(&tree()));
}

#[test]
fn pages_sort_no_errors_out_themselves() {
    none(&pages::sorted_errors(&tree()));
}

#[test]
fn no_field_of_a_view_is_lost_by_what_it_takes_in() {
    none(&flattened::clashes(&tree()));
}

#[test]
fn files_are_made_off_the_serving_threads() {
    none(&pages::made_at_once(&tree()));
}

#[test]
fn tests_compare_codes_and_no_sentences() {
    none(&quoted::sentences(&tree()));
}

#[test]
fn pages_read_values_by_their_type() {
    none(&typed::parsed(&tree()));
}

#[test]
fn pages_carry_no_inline_code() {
    none(&templates::inline(&tree()));
}

#[test]
fn lines_of_templates_can_be_read() {
    none(&templates::long_lines(&tree()));
}

#[test]
fn forms_that_change_something_are_one_macro() {
    none(&templates::post_forms(&tree()));
}

#[test]
fn columns_are_named_once() {
    none(&templates::columns(&tree()));
}

#[test]
fn components_have_samples() {
    none(&templates::samples(&tree()));
}

#[test]
fn every_macro_is_called() {
    none(&unused::macros(&tree()));
}

#[test]
fn every_style_class_is_used() {
    none(&unused::classes(&tree()));
}

#[test]
fn every_function_of_the_script_is_called() {
    none(&unused::functions(&tree()));
}

#[test]
fn no_rule_is_waived() {
    none(&waivers::waivers(&tree()));
}

#[test]
fn the_tree_speaks_of_itself_alone() {
    none(&words::words(&tree()));
}

#[test]
fn screens_use_one_term_for_each_thing() {
    none(&terms::screen(&tree()));
}

#[test]
fn comments_are_plain_english() {
    none(&terms::prose(&tree()));
}

#[test]
fn names_in_code_are_those_of_the_trade() {
    none(&terms::names(&tree()));
}
