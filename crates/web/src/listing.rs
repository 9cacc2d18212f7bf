//! A list page: what may be asked of it, what was asked, and the rows that answer. A page says each filter once; whatever
//! else stands in the address is named on the page, so that no misspelt filter passes for an empty list.

use crate::figure::{COUNT, Pager};
use crate::form::{FIRST_DAY, FormValues, LAST_DAY, parse_date, year_of};
use crate::reply::{Choice, Filter};
use crate::sorting::{BETWEEN, HIDE, Orders, SORT, Sorting};
use jiedui_kernel::{Code, Date, Error, Result, Unit};
use jiedui_store::{ListCall, Row, Sort, Tx};
use serde::Serialize;

const PAGE: &str = "page";

/// Rows that an export takes from the database at once.
const CHUNK: i64 = 1_000;

const NOT_A_FILTER: &str = "地址里有本页不认识的条件，没有按它筛选。";
const ONLY_FIRST: &str = "行数太多，只把按默认顺序排在最前的一部分重新排序；要全部排序，请先筛选。";
const NO_SUCH_COLUMN: &str = "本页没有这一列，各列照旧列出。";
const NO_SUCH_ORDER: &str = "本页没有这种排序，按默认顺序列出。";

/// Reads the filters of an address one after another, in the order in which the page shows them.
#[derive(Debug, Clone)]
pub struct Listing {
    address: String,
    unit: Unit,
    query: FormValues,
    known: Vec<&'static str>,
    filters: Vec<Filter>,
    notes: Vec<String>,
}

/// A page of rows.
#[derive(Debug, Serialize)]
pub struct Listed<T> {
    pub rows: Vec<T>,
    #[serde(flatten)]
    pub around: Around,
}

/// What the template draws around the rows.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Around {
    pub filters: Vec<Filter>,
    /// What of the address was not understood.
    pub notes: Vec<String>,
    /// None where there is no list.
    pub pager: Option<Pager>,
    pub sort: Option<Sorting>,
}

impl<T> Listed<T> {
    pub fn map<U>(self, line: impl FnMut(T) -> U) -> Listed<U> {
        Listed { rows: self.rows.into_iter().map(line).collect(), around: self.around }
    }
}

impl Listing {
    pub fn at(address: impl Into<String>, unit: Unit, query: &FormValues) -> Self {
        Self {
            address: address.into(),
            unit,
            query: query.clone(),
            known: vec![PAGE, SORT, COUNT, HIDE],
            filters: Vec::new(),
            notes: Vec::new(),
        }
    }

    fn read(&mut self, name: &'static str) -> String {
        self.known.push(name);
        self.query.get(name).to_owned()
    }

    fn note(&mut self, what: String) {
        if !self.notes.contains(&what) {
            self.notes.push(what);
        }
    }

    /// A field for words.
    pub fn text(&mut self, name: &'static str, label: &'static str) -> String {
        let value = self.read(name);
        self.filters.push(Filter::text(name, label, &value));
        value
    }

    /// One of these, or "".
    pub fn choice(&mut self, name: &'static str, label: &'static str, choices: Vec<Choice>) -> String {
        self.choice_or("全部", name, label, choices)
    }

    /// The same, where the empty choice says something of its own.
    pub fn choice_or(
        &mut self,
        blank: &'static str,
        name: &'static str,
        label: &'static str,
        choices: Vec<Choice>,
    ) -> String {
        self.pick(blank, name, label, choices).map(|choice| choice.value).unwrap_or_default()
    }

    /// One of these values, each with the id under which an address asks for it and its name.
    pub fn one_of<T>(
        &mut self,
        name: &'static str,
        label: &'static str,
        values: impl IntoIterator<Item = (T, &'static str, &'static str)>,
    ) -> Option<T> {
        self.one_of_or("全部", name, label, values)
    }

    /// The same, where the empty choice says something of its own.
    pub fn one_of_or<T>(
        &mut self,
        blank: &'static str,
        name: &'static str,
        label: &'static str,
        values: impl IntoIterator<Item = (T, &'static str, &'static str)>,
    ) -> Option<T> {
        let (values, choices): (Vec<T>, Vec<Choice>) =
            values.into_iter().map(|(value, id, name)| (value, Choice::new(id, name))).unzip();
        let ids: Vec<String> = choices.iter().map(|choice| choice.value.clone()).collect();
        let picked = self.pick(blank, name, label, choices)?.value;
        values.into_iter().zip(ids).find(|(_, id)| *id == picked).map(|(value, _)| value)
    }

    /// A year among these; none where the blank choice, or no year, is asked for.
    pub fn year_or(&mut self, blank: &'static str, label: &'static str, years: Vec<Choice>) -> Option<i32> {
        year_of(&self.choice_or(blank, "year", label, years))
    }

    /// A day that only links set, and no field shows.
    pub fn linked_day(&mut self, name: &'static str) -> Option<Date> {
        parse_date(&self.word(name, |day| parse_date(day).is_some()))
    }

    /// The choice itself.
    pub fn chosen(
        &mut self,
        name: &'static str,
        label: &'static str,
        choices: Vec<Choice>,
    ) -> Option<Choice> {
        self.pick("全部", name, label, choices)
    }

    fn pick(
        &mut self,
        blank: &'static str,
        name: &'static str,
        label: &'static str,
        choices: Vec<Choice>,
    ) -> Option<Choice> {
        let value = self.read(name);
        let picked = choices.iter().find(|choice| !value.is_empty() && choice.value == value).cloned();
        if picked.is_none() && !value.is_empty() {
            self.note(format!("“{label}”里没有这一项，没有按它筛选。"));
        }
        // What leaves nothing to choose is not asked.
        if choices.is_empty() {
            return None;
        }
        let shown = picked.as_ref().map_or("", |choice| choice.value.as_str());
        self.filters.push(Filter::select(name, label, shown, choices).blank(blank));
        picked
    }

    /// The first and the last day of a span; where one is left open, the first or the last day that a date can have.
    pub fn span(&mut self, from: [&'static str; 2], to: [&'static str; 2]) -> (Date, Date) {
        let first = self.day(from).unwrap_or(FIRST_DAY);
        let last = self.day(to).unwrap_or(LAST_DAY);
        if last < first {
            self.note(format!("“{}”早于“{}”，没有按日期筛选。", to[1], from[1]));
            return (FIRST_DAY, LAST_DAY);
        }
        (first, last)
    }

    fn day(&mut self, [name, label]: [&'static str; 2]) -> Option<Date> {
        let value = self.read(name);
        let day = parse_date(&value);
        if day.is_none() && !value.is_empty() {
            self.note(format!("“{label}”不是日期，没有按它筛选。"));
        }
        self.filters.push(Filter::date(name, label, &value));
        day
    }

    /// A day that is no later than `last`; none where none is asked for.
    pub fn until(&mut self, field: [&'static str; 2], last: Date) -> Option<Date> {
        let day = self.day(field)?;
        if day > last {
            self.note(format!("“{}”晚于今天，没有按它筛选。", field[1]));
            return None;
        }
        Some(day)
    }

    /// Whether the list is narrowed by a word that only links set, and no field shows.
    pub fn flag(&mut self, name: &'static str, word: &str) -> bool {
        self.word(name, |value| value == word) == word
    }

    /// An id by which links narrow the list; no field shows it.
    pub fn id(&mut self, name: &'static str) -> String {
        self.word(name, |_| true)
    }

    /// A word that is known, or ""; no field shows it.
    pub fn word(&mut self, name: &'static str, known: impl Fn(&str) -> bool) -> String {
        let value = self.read(name);
        if value.is_empty() {
            return value;
        }
        if !known(&value) {
            self.note(NOT_A_FILTER.to_owned());
            return String::new();
        }
        self.filters.push(Filter::hidden(name, &value));
        value
    }

    /// Names that are known here and filter nothing now: of a filter that belongs to another choice, or of the page.
    pub fn passes(&mut self, names: &[&'static str]) {
        self.known.extend(names);
    }

    /// What was asked for beside the filters.
    fn sort(&mut self, keys: impl Iterator<Item = &'static str>) -> Option<Sort> {
        let known = &self.known;
        if self.query.given().any(|name| !known.contains(&name)) {
            self.note(NOT_A_FILTER.to_owned());
        }
        let asked = self.query.get(SORT).to_owned();
        let (down, key) = asked.strip_prefix('-').map_or((false, asked.as_str()), |key| (true, key));
        let sort = { keys }.find(|one| *one == key).map(|key| Sort { key, down });
        match sort {
            Some(_) => self.filters.push(Filter::hidden(SORT, &asked)),
            None if !asked.is_empty() => self.note(NO_SUCH_ORDER.to_owned()),
            None => {}
        }
        sort
    }

    /// The columns that the reader left out, of those that the list has.
    fn hidden(
        &mut self,
        keys: impl Iterator<Item = &'static str>,
        unsorted: &'static [&'static str],
    ) -> Vec<&'static str> {
        let asked = self.query.get(HIDE).to_owned();
        let is_asked = |key: &&'static str| asked.split(BETWEEN).any(|one| one == *key);
        let hidden: Vec<&'static str> = keys.chain(unsorted.iter().copied()).filter(is_asked).collect();
        if asked.split(BETWEEN).any(|one| !one.is_empty() && hidden.iter().all(|key| *key != one)) {
            self.note(NO_SUCH_COLUMN.to_owned());
        }
        if !hidden.is_empty() {
            self.filters.push(Filter::hidden(HIDE, &hidden.join(BETWEEN)));
        }
        hidden
    }

    fn listed<T>(self, rows: Vec<T>, pager: Pager, sort: Sorting) -> Listed<T> {
        let around =
            Around { filters: self.filters, notes: self.notes, pager: Some(pager), sort: Some(sort) };
        Listed { rows, around }
    }

    /// Where the page has no list to show.
    pub fn around(mut self) -> Around {
        self.sort(std::iter::empty());
        Around { filters: self.filters, notes: self.notes, pager: None, sort: None }
    }

    /// The page that was asked for; behind the last one, the last.
    pub async fn fetch<T: Row>(mut self, tx: &mut Tx, call: &ListCall) -> Result<Listed<T>> {
        let list = call.list();
        let keys = || list.orders.iter().map(|order| order.key);
        let sort = self.sort(keys());
        let only_first = list.long && sort.is_some();
        let number = match self.query.get(COUNT) {
            "all" if !only_first => (call.count(tx).await?, false),
            _ => call.number(tx).await?,
        };
        let mut pager = if only_first && number.1 {
            self.note(ONLY_FIRST.to_owned());
            Pager::of_first(&self.address, &self.query, number.0, self.unit)
        } else {
            Pager::counted(&self.address, &self.query, number, self.unit)
        };
        let rows = call.rows(tx, sort, crate::figure::PAGE_SIZE, pager.offset()).await?;
        pager.ends_with(rows.len());
        let hidden = self.hidden(keys(), list.unsorted);
        let sorting = Sorting::new(&self.address, &self.query, sort, keys(), list.unsorted, &hidden);
        Ok(self.listed(rows, pager, sorting))
    }

    /// The same for rows that do not come from one statement: all that fit, in their usual order.
    pub fn arrange<T>(mut self, mut rows: Vec<T>, orders: &Orders<'_, T>) -> Listed<T> {
        let sort = self.sort(orders.keys());
        let total = i64::try_from(rows.len()).unwrap_or(i64::MAX);
        let pager = Pager::new(&self.address, &self.query, total, self.unit);
        if let Some(sort) = sort {
            rows = orders.sorted(rows, sort);
        }
        let from = usize::try_from(pager.offset()).unwrap_or(0);
        let size = usize::try_from(crate::figure::PAGE_SIZE).unwrap_or(0);
        let rows = rows.into_iter().skip(from).take(size).collect();
        let hidden = self.hidden(orders.keys(), orders.unsorted);
        let sorting = Sorting::new(&self.address, &self.query, sort, orders.keys(), orders.unsorted, &hidden);
        self.listed(rows, pager, sorting)
    }

    /// Hands out all rows, up to a limit, in the order that was asked for: what an export writes. Returns their number.
    pub async fn in_chunks<T: Row>(
        self,
        tx: &mut Tx,
        call: &ListCall,
        most: i64,
        take: impl FnMut(Vec<T>) + Send,
    ) -> Result<i64> {
        let sort = self.for_export(call)?;
        call.in_chunks(tx, sort, [CHUNK, most], take).await
    }

    /// The order that was asked for. An export leaves the page behind, so that nothing would tell of what was not
    /// understood: then there is none.
    pub fn for_export(mut self, call: &ListCall) -> Result<Option<Sort>> {
        let sort = self.sort(call.list().orders.iter().map(|order| order.key));
        match self.notes.first() {
            Some(note) => {
                Err(Error::field("address", Code::NotListed.says(format!("{note}请改好条件再导出。"))))
            }
            None => Ok(sort),
        }
    }
}

#[cfg(test)]
mod tests;
