//! What is asked of a scheme, what comes of it, and what is kept of that: the whole for the office, and for each of the
//! assessed a sheet with nothing of the others.

use crate::shared::frozen::Stamp;
use jiedui_assessment::{
    Assessed as Outcome, Assessment, Direction, Given, Mark, Measure, Refusal, Sampling, Scale, Scheme,
    Standing, Step, Unit as Row, Weighted, assess, mark, sensitivity,
};
use jiedui_kernel::{Code, Date, FieldError, Reported, Unit};
use jiedui_programme::{AssessmentScheme, GainDirection, GainMeasure, Measured};
use serde::{Deserialize, Serialize};

/// So many other weightings are tried, always the same ones.
const SAMPLING: Sampling = Sampling { weightings: 10_000, seed: 20_240_726 };

/// An indicator as it was called and defined.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Yardstick {
    pub name: String,
    pub unit: Unit,
    pub version: u32,
}

/// What an indicator was in the year that is assessed and in that from which is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pair {
    pub value: Reported<i64>,
    pub baseline: Reported<i64>,
}

/// One of the assessed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    pub id: String,
    pub name: String,
    pub city: String,
    pub county: String,
    pub division: String,
    /// The county school whose figures these are; "" where they are those of the county, or of the city where no county is named.
    pub school: String,
    /// Whose sheet it is.
    pub parties: Vec<String>,
    /// In the order of the scheme's indicators.
    pub figures: Vec<Pair>,
}

/// Everything from which the results follow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    pub scheme: AssessmentScheme,
    pub year: i32,
    pub yardsticks: Vec<Yardstick>,
    pub subjects: Vec<Subject>,
}

/// What came of it for one, in thousandths of a point.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outturn {
    pub subject: String,
    pub least: i64,
    pub most: i64,
    /// The id of the band; none where what is missing decides it.
    pub band: Option<String>,
}

/// What of it depends on the weights.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dependence {
    pub subject: String,
    /// The ids of the lowest and the highest band that some weights within the spread give.
    pub lowest: String,
    pub highest: String,
    /// How many others are before it with some weights and behind it with others.
    pub open: i64,
    /// How many places it moves at most over the weightings that were tried; none where something is missing.
    pub span: Option<i64>,
}

impl Dependence {
    pub fn depends(&self) -> bool {
        self.lowest != self.highest
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parcel {
    pub stamp: Stamp,
    pub issuer: String,
    pub title: String,
    pub presented_on: Date,
    pub object_until: Date,
    /// None while the assessed look at it.
    pub frozen_on: Option<Date>,
    pub asked: Asked,
    pub outturns: Vec<Outturn>,
    pub dependences: Vec<Dependence>,
}

impl Parcel {
    /// Whether the results that were kept follow from the scheme and the figures that were kept with them.
    pub fn adds_up(&self) -> bool {
        self.asked.outturns().is_ok_and(|found| found == self.outturns)
    }

    /// The same of one alone, in the order of the results.
    pub fn sheets(&self) -> Vec<(&Subject, Self)> {
        let one = |subject: &String| {
            let outturn = self.outturns.iter().find(|one| one.subject == *subject)?;
            let dependence = self.dependences.iter().find(|one| one.subject == *subject)?;
            let of = self.asked.subject(subject)?;
            let asked = Asked { subjects: vec![of.clone()], ..self.asked.clone_bare() };
            let (outturns, dependences) = (vec![outturn.clone()], vec![dependence.clone()]);
            Some((of, Self { asked, outturns, dependences, ..self.clone_bare() }))
        };
        self.outturns.iter().filter_map(|outturn| one(&outturn.subject)).collect()
    }

    fn clone_bare(&self) -> Self {
        Self {
            stamp: self.stamp.clone(),
            issuer: self.issuer.clone(),
            title: self.title.clone(),
            presented_on: self.presented_on,
            object_until: self.object_until,
            frozen_on: self.frozen_on,
            asked: self.asked.clone_bare(),
            outturns: Vec::new(),
            dependences: Vec::new(),
        }
    }
}

impl Asked {
    /// The scheme without anybody.
    fn clone_bare(&self) -> Self {
        Self {
            scheme: self.scheme.clone(),
            year: self.year,
            yardsticks: self.yardsticks.clone(),
            subjects: Vec::new(),
        }
    }

    pub fn subject(&self, id: &str) -> Option<&Subject> {
        self.subjects.iter().find(|one| one.id == id)
    }

    /// The results, in the official order.
    ///
    /// # Errors
    /// Why nobody can be assessed so, at its field.
    pub fn outturns(&self) -> Result<Vec<Outturn>, Vec<FieldError>> {
        Ok(self.answer()?.1.units.iter().map(|one| self.outturn(one)).collect())
    }

    /// The results, and what of them depends on the weights.
    ///
    /// # Errors
    /// As [`Self::outturns`].
    pub fn compute(&self) -> Result<(Vec<Outturn>, Vec<Dependence>), Vec<FieldError>> {
        let (scheme, assessment) = self.answer()?;
        let found = sensitivity(&scheme, &assessment, SAMPLING).standings;
        let outturns = assessment.units.iter().map(|one| self.outturn(one)).collect();
        Ok((outturns, found.iter().map(|one| self.dependence(one)).collect()))
    }

    fn answer(&self) -> Result<(Scheme, Assessment), Vec<FieldError>> {
        let scheme = self.rule();
        let row = |subject: &Subject| Row {
            id: subject.id.clone(),
            division: subject.division.clone(),
            given: subject.figures.iter().map(given).collect(),
        };
        let rows: Vec<Row> = self.subjects.iter().map(row).collect();
        match assess(&scheme, &rows) {
            Ok(answer) => Ok((scheme, answer)),
            Err(wrong) => Err(wrong.iter().map(|one| self.mistake(one)).collect()),
        }
    }

    fn outturn(&self, of: &Outcome) -> Outturn {
        Outturn {
            subject: of.id.clone(),
            least: of.least,
            most: of.most,
            band: of.band.map(|at| self.band_at(at)),
        }
    }

    fn dependence(&self, of: &Standing) -> Dependence {
        Dependence {
            subject: of.id.clone(),
            lowest: self.band_at(of.bands.0),
            highest: self.band_at(of.bands.1),
            open: whole(of.open),
            span: of.places.map(|(first, last)| whole(last - first)),
        }
    }

    fn band_at(&self, at: usize) -> String {
        self.scheme.results.get(at).map(|band| band.id.clone()).unwrap_or_default()
    }

    /// What a band is called.
    pub fn band(&self, id: &str) -> &str {
        self.scheme.results.iter().find(|band| band.id == id).map_or("", |band| band.name.as_str())
    }

    fn rule(&self) -> Scheme {
        let weighted =
            |one: &Measured| Weighted { id: one.indicator.clone(), weight: one.weight, scale: scale(one) };
        Scheme {
            indicators: self.scheme.measured.iter().map(weighted).collect(),
            bands: self.scheme.results.iter().map(|band| band.from).collect(),
            spread: self.scheme.spread,
        }
    }

    /// The programme was checked when it was loaded, so what is left is that there is nobody.
    fn mistake(&self, why: &Refusal) -> FieldError {
        let mistake = match why {
            Refusal::NoUnits => {
                let who = self.scheme.assessed.label();
                Code::NotFitting.says(format!("这一年没有{who}，没有可考核的。请换一年。"))
            }
            _ => Code::Faulty.says("方案里这个办法的数字不能用，请省办核对方案。"),
        };
        FieldError::new("scheme", mistake)
    }
}

impl Subject {
    /// What each indicator gives, in the order of the scheme.
    pub fn marks(&self, scheme: &AssessmentScheme) -> Vec<Mark> {
        let both = scheme.measured.iter().zip(&self.figures);
        both.map(|(of, figures)| mark(&scale(of), given(figures))).collect()
    }
}

fn given(figures: &Pair) -> Given {
    Given { value: figures.value.value(), baseline: figures.baseline.value() }
}

fn scale(of: &Measured) -> Scale {
    Scale {
        measure: match of.measure {
            GainMeasure::Difference => Measure::Change,
            GainMeasure::Growth => Measure::Growth,
        },
        direction: match of.direction {
            GainDirection::More => Direction::More,
            GainDirection::Less => Direction::Less,
        },
        steps: of.steps.iter().map(|step| Step { from: step.from, share: step.share }).collect(),
        full_at: of.full_at,
    }
}

fn whole(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

#[cfg(test)]
pub mod tests {
    use super::*;
    use jiedui_programme::{Assessed, GainStep, ResultBand};

    /// Its name, and two values each with its baseline.
    type ToldFigures<'a> = (&'a str, [Option<i64>; 2], [Option<i64>; 2]);

    /// Enrolment by its growth and employment by its change, half and half; of each its figures of this year and the last.
    pub fn asked(subjects: &[ToldFigures<'_>]) -> Asked {
        let measured = |indicator: &str, measure, most| Measured {
            indicator: indicator.to_owned(),
            weight: 50,
            measure,
            direction: GainDirection::More,
            steps: vec![GainStep { from: 0, share: 600 }, GainStep { from: most, share: 1_000 }],
            full_at: None,
        };
        let band = |id: &str, name: &str, from| ResultBand { id: id.to_owned(), name: name.to_owned(), from };
        let scheme = AssessmentScheme {
            id: "county-schools".to_owned(),
            name: "县级院校成效".to_owned(),
            about: "只和自己比".to_owned(),
            clauses: vec!["S4.3".to_owned()],
            our_reading: true,
            assessed: Assessed::CountySchools,
            total: 100,
            base_year: None,
            spread: 200,
            objection_workdays: 5,
            measured: vec![
                measured("enrolment", GainMeasure::Growth, 50),
                measured("employment-with-study", GainMeasure::Difference, 100),
            ],
            results: vec![band("fair", "一般", 0), band("better", "较好", 600), band("good", "好", 810)],
        };
        let yardstick = |name: &str, unit| Yardstick { name: name.to_owned(), unit, version: 1 };
        let pair = |[value, baseline]: [Option<i64>; 2]| {
            let told = |number: Option<i64>| number.map_or(Reported::NotReported, Reported::Value);
            Pair { value: told(value), baseline: told(baseline) }
        };
        let subject = |(name, enrolment, employment): &(&str, [Option<i64>; 2], [Option<i64>; 2])| Subject {
            id: (*name).to_owned(),
            name: format!("{name}校"),
            city: "某市".to_owned(),
            county: "某县".to_owned(),
            division: "440000".to_owned(),
            school: (*name).to_owned(),
            parties: vec![(*name).to_owned()],
            figures: vec![pair(*enrolment), pair(*employment)],
        };
        Asked {
            scheme,
            year: 2025,
            yardsticks: vec![yardstick("在校生规模", Unit::Persons), yardstick("就业率", Unit::BasisPoints)],
            subjects: subjects.iter().map(subject).collect(),
        }
    }

    fn known() -> Asked {
        asked(&[
            ("a", [Some(1_050), Some(1_000)], [Some(9_600), Some(9_600)]),
            ("b", [Some(900), Some(1_000)], [Some(9_700), Some(9_600)]),
            ("c", [Some(900), Some(1_000)], [None, Some(9_600)]),
        ])
    }

    #[test]
    fn results_follow_from_the_own_baseline_and_what_is_missing_is_said() {
        let found = known().outturns().unwrap();
        let told = found.iter().map(|one| (one.least, one.most, one.band.as_deref()));
        // A has full points for growth and six tenths for employment; B the other way round and nothing for growth.
        assert_eq!(
            told.collect::<Vec<_>>(),
            [(80_000, 80_000, Some("better")), (50_000, 50_000, Some("fair")), (0, 50_000, Some("fair"))]
        );
    }

    #[test]
    fn what_depends_on_the_weights_is_found() {
        let (_, dependences) = known().compute().unwrap();
        // 0.81 of all needs more weight on growth, which the spread allows.
        assert!(dependences[0].depends() && dependences[0].highest == "good");
        assert_eq!((dependences[0].open, dependences[0].span), (0, Some(0)));
        assert!(!dependences[1].depends() || dependences[1].lowest == "fair");
        assert_eq!(dependences[2].span, None);
    }

    #[test]
    fn a_sheet_has_one_alone_and_says_the_same() {
        let asked = known();
        let (outturns, dependences) = asked.compute().unwrap();
        let day = "2026-11-24".parse().unwrap();
        let mut parcel = Parcel {
            stamp: Stamp::default(),
            issuer: "省办".to_owned(),
            title: "示例".to_owned(),
            presented_on: day,
            object_until: day,
            frozen_on: None,
            asked,
            outturns,
            dependences,
        };
        let sheets = parcel.sheets();
        assert_eq!(sheets.len(), 3);
        for (subject, sheet) in &sheets {
            assert!(
                sheet.adds_up() && sheet.asked.subjects.len() == 1 && sheet.outturns[0].subject == subject.id
            );
        }
        assert!(parcel.adds_up());
        parcel.outturns[0].least += 1;
        assert!(!parcel.adds_up());
    }

    #[test]
    fn nobody_cannot_be_assessed() {
        let wrong = asked(&[]).outturns().unwrap_err();
        assert_eq!((wrong[0].field.as_str(), &wrong[0].code), ("scheme", &Code::NotFitting));
    }
}
