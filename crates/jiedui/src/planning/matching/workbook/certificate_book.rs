//! The proof as a workbook that recomputes itself: prices of places, what each pair is worth after them, and the bound
//! that follows. Anyone may change a price and see that the bound stays a bound.

use super::changing::{self, CHANGING, FIRST, SCHOOLS, in_question};
use super::instance_book::explained;
use super::pairs::{Bound, Pair, Prices, Question, floor_points, net};
use super::{Names, decisions, partings};
use jiedui_documents::{Page, Slot, Value, cell_name, write_pages};
use jiedui_kernel::{Code, Error, Result};
use jiedui_matching::{Instance, Node, Price, Side, Solution, Status};
use std::cmp::Reverse;

const HELP: &str = "说明";
const PAIRS: &str = "逐对";
/// All allowed pairs are listed up to here; above, the best of each county school.
const MOST_PAIRS: usize = 200_000;
const BEST: usize = 30;
/// The rows of the explanation sheet that hold the sum.
const SUM_ROW: u32 = 4;

fn price_sheet(side: Side) -> &'static str {
    match side {
        Side::Lead => "牵头名额价格",
        Side::Nearby => "配合名额价格",
    }
}

struct Book<'a> {
    instance: &'a Instance,
    solution: &'a Solution,
    names: &'a Names,
    bound: Bound,
    /// The pairs listed of each county school.
    listed: Vec<Vec<Pair>>,
    whole: bool,
    /// The pair that the result chooses.
    chosen: Vec<Option<Pair>>,
    labels: [Vec<String>; 2],
}

/// Writes the root certificate of a result. Where the result says that there is no assignment, every pair is worth
/// nothing and a sum below nothing is the proof.
///
/// # Errors
/// [`Error::Invalid`] where the result does not belong to the instance.
pub fn certificate_book(instance: &Instance, solution: &Solution, names: &Names) -> Result<Vec<u8>> {
    let book = Book::new(instance, solution, names)?;
    let mut pages = vec![book.help(), decisions::page(instance, names)];
    pages.extend(partings::page(names));
    pages.extend([book.schools(), book.prices(Side::Lead), book.prices(Side::Nearby)]);
    if in_question(instance) {
        let changed = book.chosen.iter().flatten().filter(|pair| pair.change).count();
        pages.push(changing::page(
            instance,
            solution,
            book.chosen.iter().any(Option::is_some).then_some(changed),
        ));
    }
    pages.push(book.pairs());
    write_pages(pages).map_err(Error::internal)
}

impl<'a> Book<'a> {
    fn new(instance: &'a Instance, solution: &'a Solution, names: &'a Names) -> Result<Self> {
        let refused = |text: &str| Err(Error::field("", Code::Faulty.says(text)));
        if solution.instance_sha256 != instance.sha256() {
            return refused("这份结果不是这份输入的结果：两者的指纹不同。");
        }
        if solution.status == Status::Undecided {
            return refused("没有结论的结果没有证明。");
        }
        let (leads, nearby) = (&solution.certificate.lead_prices, &solution.certificate.nearby_prices);
        if leads.len() != instance.leads.len() || nearby.len() != instance.nearby.len() {
            return refused("结果里的名额价格与协作院校的数目不同，无法列出证明。");
        }
        let mut question = Question::new(instance);
        question.worthless = solution.status == Status::Infeasible;
        let prices = Prices::of(&solution.certificate);
        let bound = question.bound(prices);
        let schools = 0..instance.county_schools.len();
        let whole = schools.clone().map(|school| question.pairs(school).count()).sum::<usize>() <= MOST_PAIRS;
        let listed = schools.map(|school| listed(&question, school, whole, prices)).collect();
        let labels = Side::BOTH
            .map(|side| names.labels(instance.partners(side).iter().map(|partner| partner.id.as_str())));
        let chosen = chosen(instance, solution, &question);
        Ok(Self { instance, solution, names, bound, listed, whole, chosen, labels })
    }

    fn price(&self, side: Side) -> &'a [Price] {
        match side {
            Side::Lead => &self.solution.certificate.lead_prices,
            Side::Nearby => &self.solution.certificate.nearby_prices,
        }
    }

    fn label(&self, side: Side, at: usize) -> &str {
        &self.labels[usize::from(side == Side::Nearby)][at]
    }

    /// The sum of a column of a list of so many.
    fn sum(sheet: &str, letter: char, count: usize) -> String {
        let (from, to) = Self::span(count);
        format!("SUM('{sheet}'!{letter}{from}:{letter}{to})")
    }

    /// The rows, from and to, in which a list of so many stands.
    fn span(count: usize) -> (u32, u32) {
        (FIRST, FIRST + (count as u32).max(1) - 1)
    }

    fn help(&self) -> Page<'_> {
        let mut rows = explained(&[], "结对结果的上限证明");
        rows.push(vec![Slot::heading("项目"), Slot::heading("数值（分）")]);
        let points = |millionths: i128| millionths as f64 / 1e6;
        let mut parts = vec![
            (
                "① 各县级院校扣除价格后最好的一对，合计",
                Self::sum(SCHOOLS, 'H', self.instance.county_schools.len()),
                self.bound.county_schools.iter().flatten().sum::<i128>(),
            ),
            (
                "② 牵头名额，合计",
                Self::sum(price_sheet(Side::Lead), 'F', self.instance.leads.len()),
                self.bound.leads.iter().sum(),
            ),
            (
                "③ 配合名额，合计",
                Self::sum(price_sheet(Side::Nearby), 'F', self.instance.nearby.len()),
                self.bound.nearby.iter().sum(),
            ),
        ];
        if in_question(self.instance) {
            parts.push((
                "另加：更换的价值（见“更换价格”表）",
                format!("'{CHANGING}'!C{FIRST}"),
                self.bound.changes,
            ));
        }
        let total = parts.iter().map(|part| part.2).sum::<i128>();
        let total_row = SUM_ROW + parts.len() as u32;
        for (name, formula, value) in parts {
            rows.push(vec![Slot::Prose(name.to_owned()), Slot::Formula(formula, points(value))]);
        }
        let name = if in_question(self.instance) {
            "④ 上限 = ① + ② + ③ + 另加"
        } else {
            "④ 上限 = ① + ② + ③"
        };
        rows.push(vec![
            Slot::Prose(name.to_owned()),
            Slot::Formula(format!("SUM(B{SUM_ROW}:B{})", total_row - 1), points(total)),
        ]);
        rows.extend(self.against(total, total_row));
        rows.push(Vec::new());
        rows.extend(self.sentences().into_iter().map(|sentence| vec![Slot::Prose(sentence)]));
        Page {
            name: HELP.to_owned(),
            widths: vec![90.0, 22.0],
            frozen: (0, 0),
            rows: Box::new(rows.into_iter()),
        }
    }

    /// The bound set against the worth of the assignment; the sum stands in this row.
    fn against(&self, total: i128, total_row: u32) -> Vec<Vec<Slot>> {
        let mut rows = Vec::new();
        let floor = floor_points(total) as f64;
        rows.push(vec![
            Slot::Prose("⑤ 上限取整（综合得分都是整数，小数可以舍去）".to_owned()),
            Slot::Formula(format!("INT(ROUND(B{total_row},6))"), floor),
        ]);
        if let Some(objective) = self.solution.objective {
            let formula = Self::sum(SCHOOLS, 'E', self.instance.county_schools.len());
            let gap = format!("B{}-B{}", total_row + 1, total_row + 2);
            rows.push(vec![
                Slot::Prose("⑥ 本方案的综合得分".to_owned()),
                Slot::Formula(formula, objective as f64),
            ]);
            rows.push(vec![
                Slot::Prose("⑦ 差距 = ⑤ − ⑥".to_owned()),
                Slot::Formula(gap, floor - objective as f64),
            ]);
        }
        if let (Some(_), Some(bound)) = (&self.solution.certificate.tree, self.solution.bound) {
            let name = "⑧ 分情形以后的上限（见下；由命令核对，不在本表重算）";
            rows.push(vec![Slot::Prose(name.to_owned()), Slot::value(bound)]);
        }
        rows
    }

    fn sentences(&self) -> Vec<String> {
        let mut sentences = vec![
            format!("输入文件的指纹（SHA-256）：{}", self.instance.sha256()),
            "怎么看：先给每所协作院校的每个名额定一个价格（见两张名额价格表）。每所县级院校不管名额够不够，各挑扣除价格后最好的一对（见“县级院校”表）；再加上名额本身的价值：价格不小于零的乘以最多名额，小于零的乘以最少名额。".to_owned(),
            "为什么是上限：任何守规矩的安排，每所协作院校承担的数目都在最少和最多之间，所以它付出的价格合计不会超过②与③；扣除价格后，各校拿到的又不会超过①。因此不管价格怎么定，没有哪种安排的综合得分能超过④。价格定得越好，上限越紧。".to_owned(),
            "这个上限是在“人工决定”表所列各项之下的上限；那些决定各使综合得分减少多少，表里也写着。".to_owned(),
            "自己验算：表里的数都是公式，改动任何一个价格（黄色格子），上限会立即重算，而且仍是一个真的上限；改动“县级院校”表里方案的牵头、配合序号，分值和综合得分也会重算（不允许的组合显示 #N/A）。“逐对”表里的得分与需求覆盖可以和输入文件逐个核对。".to_owned(),
        ];
        sentences.extend(changing::told(self.instance));
        sentences.push(if self.whole {
            "“逐对”表列出了每所县级院校所有允许的组合。".to_owned()
        } else {
            format!("组合太多，“逐对”表只列出每所县级院校扣除价格后最好的 {BEST} 对，没有列出的都不比它们好；这一点要用命令 jiedui match verify 核对。改动价格后，没有列出的组合可能变成最好，这时以命令为准。")
        });
        match (&self.solution.certificate.tree, self.solution.status) {
            (None, Status::Optimal) => {
                sentences.push("差距是零：本方案的综合得分等于上限，没有更好的安排。".to_owned())
            }
            (None, Status::Feasible) => sentences.push(
                "差距大于零：本方案守规矩，但没有证明它最好；更好的安排即使有，综合得分也不超过⑤。"
                    .to_owned(),
            ),
            (None, Status::Infeasible | Status::Undecided) => {}
            (Some(tree), status) => sentences.push(tree_told(leaves(tree), status)),
        }
        if let Some(school) = self.bound.county_schools.iter().position(Option::is_none) {
            let id = &self.instance.county_schools[school].id;
            sentences
                .push(format!("“{}”没有任何允许的组合，仅此就说明没有可行的安排。", self.names.school(id)));
        } else if self.solution.status == Status::Infeasible {
            sentences.push("这份结果说的是没有可行的安排。为了证明，所有允许的组合都按零分计：假如有可行的安排，它的综合得分就是零，而上限④小于零，两者矛盾。".to_owned());
        }
        sentences
    }

    fn schools(&self) -> Page<'_> {
        let mut headings = vec![
            "序号",
            "县级院校",
            "方案：牵头序号",
            "方案：配合序号",
            "方案：分值",
            "最好的牵头",
            "最好的配合",
            "扣除价格后的最大值",
        ];
        let changing = in_question(self.instance);
        if changing {
            headings.push("方案：是否更换");
        }
        let ids = self.instance.county_schools.iter().map(|school| school.id.as_str());
        let labels = self.names.labels(ids);
        let mut from = FIRST;
        let rows = labels.into_iter().enumerate().map(move |(school, label)| {
            let listed = &self.listed[school];
            let to = from + listed.len() as u32;
            let mut row = vec![Slot::value(school as i64 + 1), Slot::value(label)];
            row.extend(self.plan(school, (from, to)));
            row.extend(self.best(school, from, to));
            if changing {
                row.push(self.changes(school, (from, to)));
            }
            from = to;
            row
        });
        self.page(SCHOOLS, &[6.0, 32.0, 14.0, 14.0, 12.0, 32.0, 32.0, 20.0, 14.0], &headings, rows)
    }

    /// What the result chooses for a county school whose pairs stand in these rows. Its worth is looked up by the two that
    /// are chosen, so that another choice shows another worth, and one that is not listed shows an error.
    fn plan(&self, school: usize, (from, to): (u32, u32)) -> [Slot; 3] {
        let Some(pair) = self.chosen[school] else { return [Slot::Empty, Slot::Empty, Slot::Empty] };
        let value = pair.value();
        let listed = self.listed[school].contains(&pair);
        [
            Slot::value(pair.lead as i64 + 1),
            Slot::value(pair.nearby as i64 + 1),
            match listed {
                true => {
                    Slot::Formula(self.looked_up('G', school as u32 + FIRST, (from, to - 1)), value as f64)
                }
                false => Slot::value(value),
            },
        ]
    }

    /// Whether the pair that the result chooses is a change, 1 or 0, looked up like its worth.
    fn changes(&self, school: usize, (from, to): (u32, u32)) -> Slot {
        let Some(pair) = self.chosen[school] else { return Slot::Empty };
        match self.listed[school].contains(&pair) {
            true => {
                let formula = self.looked_up('I', school as u32 + FIRST, (from, to - 1));
                Slot::Formula(formula, f64::from(u8::from(pair.change)))
            }
            false => Slot::value(i64::from(pair.change)),
        }
    }

    /// What a column says of the pair whose numbers stand in a row, found among these rows of the list of pairs by the names.
    fn looked_up(&self, column: char, row: u32, (from, last): (u32, u32)) -> String {
        let name = |side: Side, column: char| {
            let (first, to) = Self::span(self.instance.partners(side).len());
            format!("INDEX('{}'!$B${first}:$B${to},{column}{row})", price_sheet(side))
        };
        let is = format!(
            "('{PAIRS}'!B{from}:B{last}={})*('{PAIRS}'!C{from}:C{last}={})",
            name(Side::Lead, 'C'),
            name(Side::Nearby, 'D')
        );
        format!("IF(SUMPRODUCT({is})=0,NA(),SUMPRODUCT({is}*'{PAIRS}'!{column}{from}:{column}{last}))")
    }

    /// The best pair of a county school, by formulas over its rows.
    fn best(&self, school: usize, from: u32, to: u32) -> [Slot; 3] {
        let Some(most) = self.bound.county_schools[school] else {
            return [Slot::value("没有允许的组合"), Slot::Empty, Slot::Empty];
        };
        let prices = Prices::of(&self.solution.certificate);
        let best = self.listed[school].iter().find(|pair| net(pair, prices) == most);
        let row = school as u32 + FIRST;
        let found = |letter: char, side: Side| {
            let last = to - 1;
            let formula = format!(
                "INDEX('{PAIRS}'!{letter}{from}:{letter}{last},MATCH(H{row},'{PAIRS}'!H{from}:H{last},0))"
            );
            let at = best.map(|pair| if side == Side::Lead { pair.lead } else { pair.nearby });
            Slot::TextFormula(formula, at.map(|at| self.label(side, at).to_owned()).unwrap_or_default())
        };
        [
            found('B', Side::Lead),
            found('C', Side::Nearby),
            Slot::Formula(format!("MAX('{PAIRS}'!H{from}:H{})", to - 1), most as f64 / 1e6),
        ]
    }

    fn prices(&self, side: Side) -> Page<'_> {
        let headings = [
            "序号",
            "院校",
            "每个名额的价格",
            "最少",
            "最多",
            "名额的价值",
            "方案用了几个",
            "在最少与最多之间",
        ];
        let worth = match side {
            Side::Lead => &self.bound.leads,
            Side::Nearby => &self.bound.nearby,
        };
        let (from, to) = Self::span(self.instance.county_schools.len());
        let letter = if side == Side::Lead { 'C' } else { 'D' };
        let planned = self.chosen.iter().any(Option::is_some);
        let partners = self.instance.partners(side).iter().zip(self.price(side)).zip(worth);
        let rows = partners.enumerate().map(move |(at, ((partner, price), worth))| {
            let row = at as u32 + FIRST;
            let mut slots = vec![
                Slot::value(at as i64 + 1),
                Slot::value(self.label(side, at)),
                Slot::Entry(Value::Number(price.as_points())),
                Slot::value(partner.min),
                Slot::value(partner.max),
                Slot::Formula(format!("IF(C{row}>=0,C{row}*E{row},C{row}*D{row})"), *worth as f64 / 1e6),
            ];
            if planned {
                let used = self.chosen.iter().flatten();
                let used = used
                    .filter(|pair| at == if side == Side::Lead { pair.lead } else { pair.nearby })
                    .count();
                let kept = (partner.min..=partner.max).contains(&(used as i64));
                let count = format!("COUNTIF('{SCHOOLS}'!{letter}${from}:{letter}${to},A{row})");
                slots.push(Slot::Formula(count, used as f64));
                let check = format!("IF(AND(G{row}>=D{row},G{row}<=E{row}),\"是\",\"否\")");
                slots.push(Slot::TextFormula(check, if kept { "是" } else { "否" }.to_owned()));
            }
            slots
        });
        self.page(price_sheet(side), &[6.0, 32.0, 16.0, 8.0, 8.0, 16.0, 14.0, 18.0], &headings, rows)
    }

    fn pairs(&self) -> Page<'_> {
        let mut headings = vec![
            "县级院校序号",
            "牵头院校",
            "配合院校",
            "牵头得分",
            "配合得分",
            "需求覆盖",
            "分值",
            "扣除价格后",
        ];
        let (prices, changing) = (Prices::of(&self.solution.certificate), in_question(self.instance));
        if changing {
            headings.push("是否更换");
        }
        let pairs = self
            .listed
            .iter()
            .enumerate()
            .flat_map(|(school, pairs)| pairs.iter().map(move |pair| (school, pair)));
        let rows = pairs.zip(FIRST..).map(move |((school, pair), row)| {
            let price = |side: Side, at: usize| format!("'{}'!$C${}", price_sheet(side), at as u32 + FIRST);
            let paid = |cell: &str| {
                if changing { format!("-I{row}*'{CHANGING}'!${cell}${FIRST}") } else { String::new() }
            };
            let left =
                format!("G{row}-{}-{}", price(Side::Lead, pair.lead), price(Side::Nearby, pair.nearby));
            let sum = format!("SUM({}:{})", cell_name(3, row), cell_name(5, row));
            let mut slots = vec![
                Slot::value(school as i64 + 1),
                Slot::value(self.label(Side::Lead, pair.lead)),
                Slot::value(self.label(Side::Nearby, pair.nearby)),
                Slot::value(pair.lead_score),
                Slot::value(pair.nearby_score),
                Slot::value(pair.cover),
                Slot::Formula(sum + &paid("D"), pair.value() as f64),
                Slot::Formula(left + &paid("A"), net(pair, prices) as f64 / 1e6),
            ];
            slots.extend(changing.then(|| Slot::value(i64::from(pair.change))));
            slots
        });
        self.page(PAIRS, &[14.0, 32.0, 32.0, 12.0, 12.0, 12.0, 12.0, 18.0, 10.0], &headings, rows)
    }

    fn page<'b>(
        &self,
        name: &str,
        widths: &[f64],
        headings: &[&str],
        rows: impl Iterator<Item = Vec<Slot>> + 'b,
    ) -> Page<'b> {
        let head = headings.iter().map(|heading| Slot::heading(*heading)).collect();
        Page {
            name: name.to_owned(),
            widths: widths.to_vec(),
            frozen: (1, 2),
            rows: Box::new(std::iter::once(head).chain(rows)),
        }
    }
}

/// The pairs to list of one county school: all, or the best.
fn listed(question: &Question<'_>, school: usize, whole: bool, prices: Prices<'_>) -> Vec<Pair> {
    let mut pairs: Vec<Pair> = question.pairs(school).collect();
    if !whole && pairs.len() > BEST {
        let order = |pair: &Pair| (Reverse(net(pair, prices)), pair.lead, pair.nearby);
        pairs.select_nth_unstable_by_key(BEST, order);
        pairs.truncate(BEST);
        pairs.sort_unstable_by_key(order);
    }
    pairs
}

/// The pairs of the result, in the order of the instance.
fn chosen(instance: &Instance, solution: &Solution, question: &Question<'_>) -> Vec<Option<Pair>> {
    let find = |side: Side, id: &str| instance.partners(side).iter().position(|partner| partner.id == id);
    let of = |(school, id): (usize, &str)| {
        let assigned = solution.assignment.iter().find(|assigned| assigned.county_school == id)?;
        Some(question.pair(school, find(Side::Lead, &assigned.lead)?, find(Side::Nearby, &assigned.nearby)?))
    };
    instance.county_schools.iter().map(|school| school.id.as_str()).enumerate().map(of).collect()
}

/// How many cases a proof by cases has.
pub fn leaves(tree: &Node) -> usize {
    let (mut open, mut count) = (vec![tree], 0);
    while let Some(node) = open.pop() {
        match node {
            Node::Leaf(_) => count += 1,
            Node::Split { yes, no, .. } => open.extend([yes.as_ref(), no.as_ref()]),
        }
    }
    count
}

fn tree_told(leaves: usize, status: Status) -> String {
    let each = match status {
        Status::Infeasible => "每种情形都说明此路不通",
        _ => "每种情形的上限都不超过结果里写的上限",
    };
    format!(
        "只用一组价格还说明不了全部，所以结果文件里另有一棵“分情形”的树：每次就某一所县级院校问“这一所协作院校给不给它”，给与不给各算一种情形，一直分到 {leaves} 种，每种情形另有一组价格，{each}。给与不给合起来包括了所有可能，所以没有遗漏。本表只列出不分情形时的上限（它可以比综合得分大一点）；整棵树由命令 jiedui match verify 逐一核对。"
    )
}
