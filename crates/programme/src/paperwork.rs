//! What the parties of a pairing write together: the plans of a school (G1.3, T1.1, T2.2) and the yearly project list
//! (S4.1, S4.2). Read from `plans.toml`; the words stand there, the mechanism in the application.

use crate::model::{Activity, Programme};
use crate::outputs::Output;
use jiedui_kernel::Unit;
use serde::{Deserialize, Serialize};

/// `[projects]` of `plans.toml`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProjectRules {
    /// The sentence that asks for the yearly list.
    pub clause: String,
    /// The sentence under which a project needs no need: 特色亮点.
    pub highlight_clause: String,
    /// Sentences under this prefix are duties of the helpers, which need no need either.
    pub duty_prefix: String,
    /// Working days that the city of the county school has for its comment (decision "Filing").
    pub comment_workdays: u32,
    #[serde(rename = "source")]
    pub sources: Vec<BudgetSource>,
}

/// Where money comes from.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BudgetSource {
    pub id: String,
    pub name: String,
}

/// A plan of a school: who drafts it, who has to agree, and which sections it has.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanTemplate {
    /// `collaboration` hangs on a pairing, `conditions` on the county school alone.
    pub id: String,
    pub name: String,
    pub clauses: Vec<String>,
    /// One sentence: what it is for.
    pub about: String,
    pub drafted_by: Signatory,
    pub agreed_by: Vec<Signatory>,
    /// Whether the city and the province agree too where a gap says that they make up for it (T1.1).
    #[serde(default)]
    pub payers_agree: bool,
    /// True where the office must still confirm who agrees; shown on screen.
    #[serde(default)]
    pub our_reading: bool,
    #[serde(rename = "section")]
    pub sections: Vec<Section>,
}

/// Who signs a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Signatory {
    Lead,
    Nearby,
    CountySchool,
    /// The bureau under which the county school stands.
    CountyBureau,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Section {
    pub id: String,
    pub title: String,
    #[serde(default)]
    pub help: String,
    pub kind: SectionKind,
}

/// What stands in a section.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SectionKind {
    Text,
    /// Goals tied to indicators, with the value now and the value wished for.
    Goals,
    /// What will be done, under which sentence, for which need.
    Measures,
    /// What is to be there by when, and who sees to it.
    Milestones,
    /// What is lacking against the conditions: how much, who closes it, with what money, by when.
    Gaps,
}

/// What a sentence makes of a project.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// Answers a need that the county school wrote down (principle 3).
    Need,
    /// 特色亮点 (S4.2).
    Highlight,
    /// A duty of the helpers under S1.
    Duty,
}

impl Programme {
    pub fn template(&self, id: &str) -> Option<&PlanTemplate> {
        self.templates.iter().find(|template| template.id == id)
    }

    /// Units in which a project can say its outcome: those in which entries and what is built are counted, each once.
    pub fn project_units(&self) -> Vec<Unit> {
        let built = self.outputs.iter().filter(|output| output.joins_projects()).map(|output| output.unit);
        let mut units: Vec<Unit> =
            self.activities.iter().map(|activity| activity.unit).chain(built).collect();
        units.sort_unstable();
        units.dedup();
        units
    }

    /// Whether an activity moves a project under this sentence.
    pub fn moves(&self, activity: &Activity, project: &str) -> bool {
        activity.of_project || self.fits_project((&activity.clauses, &activity.serves), project)
    }

    /// Whether an output moves a project under this sentence.
    pub fn builds(&self, output: &Output, project: &str) -> bool {
        output.joins_projects() && self.fits_project((&output.clauses, &output.serves), project)
    }

    /// A duty is moved by what fulfils it, a highlight by anything, and what a task asks by what belongs to that task.
    fn fits_project(&self, (clauses, serves): (&[String], &[String]), project: &str) -> bool {
        if self.is_duty(project) {
            return clauses.iter().any(|clause| clause == project);
        }
        match self.task(project) {
            Some(task) if !task.is_safeguard() => {
                let own = clauses.iter().filter_map(|clause| self.task(clause)).any(|own| own.id == task.id);
                own || serves.contains(&task.id)
            }
            _ => true,
        }
    }

    /// Whether a project under this sentence is a duty of the helpers.
    pub fn is_duty(&self, clause: &str) -> bool {
        clause.starts_with(&self.projects.duty_prefix)
    }
}
