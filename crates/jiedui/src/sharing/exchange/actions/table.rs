//! What of ours goes over, or stands beside what came: one row for each school, from what is recorded already.

use crate::evidence::profiles;
use crate::network::registry::{self, OrgRow};
use crate::standing::indicators;
use chrono::Datelike as _;
use jiedui_exchange::{Row, Value};
use jiedui_kernel::{Period, Reported, Result};
use jiedui_programme::{
    Exchange, ExchangeAmong, ExchangeColumn, ExchangeOf, Programme, SchoolField, newest_accepted,
};
use jiedui_store::Tx;
use std::collections::{BTreeMap, HashMap, HashSet};

/// The schools of an exchange, each with its row.
pub type Table = Vec<(OrgRow, Row)>;

/// The table as it is today.
pub async fn drawn(tx: &mut Tx, programme: &Programme, exchange: &Exchange) -> Result<Table> {
    let schools = schools(tx, exchange).await?;
    let facts = profiles::facts(tx).await?;
    let told = newest_accepted(&facts, tx.today());
    let year = Period::year(tx.today().year() - 1);
    let of_indicators = exchange.columns.iter().any(|column| matches!(column.of, ExchangeOf::Indicator(_)));
    let mut table = Vec::new();
    for school in schools {
        let figures = match year.filter(|_| of_indicators) {
            Some(year) => indicators::school_figures(tx, programme, &school.id, year).await?,
            None => HashMap::new(),
        };
        let elements = told.get(school.id.as_str()).map(|fact| &fact.values);
        let row = exchange.columns.iter().map(|column| place(column, &school, elements, &figures));
        let row = row.collect();
        table.push((school, row));
    }
    Ok(table)
}

async fn schools(tx: &mut Tx, exchange: &Exchange) -> Result<Vec<OrgRow>> {
    let today = tx.today();
    let county: HashSet<String> =
        registry::county_schools(tx, today).await?.into_iter().map(|school| school.id).collect();
    let mut schools = registry::schools(tx).await?;
    schools.retain(|school| {
        let runs = school.ended_on.is_none_or(|day| day > today);
        runs && (exchange.among == ExchangeAmong::Schools || county.contains(&school.id))
    });
    Ok(schools)
}

/// What stands in one column; none where it is not known.
fn place(
    column: &ExchangeColumn,
    school: &OrgRow,
    elements: Option<&BTreeMap<String, Reported<i64>>>,
    figures: &HashMap<String, Reported<i64>>,
) -> Option<Value> {
    let number = |told: Option<&Reported<i64>>| match told {
        Some(Reported::Value(value)) => Some(Value::Number(*value)),
        _ => None,
    };
    match &column.of {
        ExchangeOf::School(fact) => {
            let text = match fact {
                SchoolField::Name => &school.name,
                SchoolField::CreditCode => &school.credit_code,
                SchoolField::Division => &school.division,
                SchoolField::Location => &school.place,
                SchoolField::Level => &school.level,
                SchoolField::Ownership => &school.ownership,
            };
            (!text.is_empty()).then(|| Value::Text(text.clone()))
        }
        ExchangeOf::Element(id) => number(elements.and_then(|values| values.get(id))),
        ExchangeOf::Indicator(id) => number(figures.get(id)),
    }
}
