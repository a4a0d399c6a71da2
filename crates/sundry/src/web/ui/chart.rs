//! Charts drawn on the server as SVG: percentages across, pixels down, so that text keeps its
//! size at every width and nothing needs script. Whole numbers only.

use super::html::component;
use super::{Html, Table, col, num, row, table};
use askama::Template;
use std::borrow::Borrow;

/// A named row of values.
#[derive(Clone, Debug)]
pub struct Series {
    /// Its name.
    pub name: String,
    /// One value per place along the axis; `None` where there is none yet.
    pub values: Vec<Option<i64>>,
    /// Drawn dashed and grey: a target, last year.
    pub beside: bool,
}

/// How a value is written.
type Written = fn(i64) -> String;

/// Hundredths of a per cent as an SVG length.
fn pct(hundredths: i64) -> String {
    format!("{}.{:02}%", hundredths / 100, hundredths % 100)
}

/// A round step so that `largest` is reached in at most five.
fn round_step(largest: i64) -> i64 {
    let mut size = 1;
    loop {
        for step in [size, size * 2, size * 5] {
            if step * 5 >= largest {
                return step;
            }
        }
        size *= 10;
    }
}

struct Tick {
    y: i64,
    words: String,
    base: bool,
}

/// The scale: its top, and the lines across with their words.
fn scale(largest: i64, top_y: i64, base_y: i64, written: Written) -> (i64, Vec<Tick>) {
    let step = round_step(largest.max(1));
    let steps = (largest.max(1) + step - 1) / step;
    let tick = |n: i64| Tick { y: base_y - (base_y - top_y) * n / steps, words: written(step * n), base: n == 0 };
    (step * steps, (0..=steps).map(tick).collect())
}

struct Label {
    x: String,
    words: String,
    class: &'static str,
}

/// Columns made of stacked parts.
#[derive(Clone, Debug, Template)]
#[template(path = "ui/chart_columns.html")]
pub struct Columns {
    id: String,
    title: String,
    desc: String,
    first_heading: String,
    places: Vec<String>,
    series: Vec<Series>,
    written: Written,
    hrefs: Vec<String>,
}

/// Columns made of stacked parts. The id is unique on the page; the title names the picture; the
/// description says what it shows.
pub fn columns(id: &str, title: &str, desc: impl Into<String>, written: Written) -> Columns {
    Columns {
        id: id.to_owned(),
        title: title.to_owned(),
        desc: desc.into(),
        first_heading: String::new(),
        places: Vec::new(),
        series: Vec::new(),
        written,
        hrefs: Vec::new(),
    }
}

struct Part {
    class: String,
    x: String,
    width: String,
    y: i64,
    height: i64,
}

struct Top {
    x: String,
    y: i64,
    words: String,
}

const COLUMNS_TOP: i64 = 22;
const COLUMNS_BASE: i64 = 216;

impl Columns {
    /// The words along the axis, and what they are called in the table.
    #[must_use]
    pub fn places<T: Into<String>>(mut self, heading: &str, places: impl IntoIterator<Item = T>) -> Self {
        self.first_heading = heading.to_owned();
        self.places = places.into_iter().map(Into::into).collect();
        self
    }

    /// One more part of every column; at most four.
    #[must_use]
    pub fn series(mut self, name: impl Into<String>, values: impl IntoIterator<Item = i64>) -> Self {
        let values = values.into_iter().map(Some).collect();
        self.series.push(Series { name: name.into(), values, beside: false });
        self
    }

    /// Where the total of each place leads, in the table.
    #[must_use]
    pub fn hrefs<T: Into<String>>(mut self, hrefs: impl IntoIterator<Item = T>) -> Self {
        self.hrefs = hrefs.into_iter().map(Into::into).collect();
        self
    }

    fn value(&self, series: usize, place: usize) -> i64 {
        self.series[series].values.get(place).copied().flatten().unwrap_or(0).max(0)
    }

    fn sum(&self, place: usize) -> i64 {
        (0..self.series.len()).map(|series| self.value(series, place)).sum()
    }

    fn scale(&self) -> (i64, Vec<Tick>) {
        let largest = (0..self.places.len()).map(|place| self.sum(place)).max().unwrap_or(0);
        scale(largest, COLUMNS_TOP, COLUMNS_BASE, self.written)
    }

    fn ticks(&self) -> Vec<Tick> {
        self.scale().1
    }

    /// Left edge and width of a place, in hundredths of a per cent.
    fn slot(&self, place: usize) -> (i64, i64) {
        let width = (10_000 - 1_200) / i64::try_from(self.places.len().max(1)).unwrap_or(1);
        (1_200 + width * i64::try_from(place).unwrap_or(0), width)
    }

    fn drawn(&self) -> Vec<Part> {
        let (top, _) = self.scale();
        let mut parts = Vec::new();
        for place in 0..self.places.len() {
            let (left, width) = self.slot(place);
            let mut below = 0;
            for series in 0..self.series.len() {
                let y = |sum: i64| COLUMNS_BASE - (COLUMNS_BASE - COLUMNS_TOP) * sum / top;
                let (low, high) = (y(below), y(below + self.value(series, place)));
                below += self.value(series, place);
                if low - high > 1 {
                    parts.push(Part {
                        class: format!("app-f{}", series + 1),
                        x: pct(left + width * 17 / 100),
                        width: pct(width * 66 / 100),
                        y: high,
                        height: low - high - 1,
                    });
                }
            }
        }
        parts
    }

    fn tops(&self) -> Vec<Top> {
        let (top, _) = self.scale();
        let one = |place: usize| {
            let (left, width) = self.slot(place);
            let y = COLUMNS_BASE - (COLUMNS_BASE - COLUMNS_TOP) * self.sum(place) / top - 6;
            Top { x: pct(left + width / 2), y, words: (self.written)(self.sum(place)) }
        };
        (0..self.places.len()).map(one).collect()
    }

    fn labels(&self) -> Vec<Label> {
        let one = |(place, words): (usize, &String)| {
            let (left, width) = self.slot(place);
            Label {
                x: pct(left + width / 2),
                words: words.clone(),
                class: if self.places.len() > 5 && !place.is_multiple_of(2) { "app-hide-s" } else { "" },
            }
        };
        self.places.iter().enumerate().map(one).collect()
    }

    fn table(&self) -> Table {
        let heads = self.series.iter().map(|series| num(&series.name));
        let heads = std::iter::once(col(&self.first_heading)).chain(heads).chain([num("Total")]);
        let rows = self.places.iter().enumerate().map(|(place, words)| {
            let mut line = row().cell(words);
            for series in 0..self.series.len() {
                line = line.cell((self.written)(self.value(series, place)));
            }
            let total = (self.written)(self.sum(place));
            match self.hrefs.get(place) {
                Some(href) => line.cell(super::link(href, total)),
                None => line.cell(total),
            }
        });
        table(&self.title).columns(heads).rows(rows).narrow()
    }
}

/// Lines over time.
#[derive(Clone, Debug, Template)]
#[template(path = "ui/chart_lines.html")]
pub struct Lines {
    id: String,
    title: String,
    desc: String,
    first_heading: String,
    places: Vec<String>,
    series: Vec<Series>,
    written: Written,
    height: i64,
    room: i64,
    with_table: bool,
}

/// Lines over time.
pub fn lines(id: &str, title: &str, desc: impl Into<String>, written: Written) -> Lines {
    Lines {
        id: id.to_owned(),
        title: title.to_owned(),
        desc: desc.into(),
        first_heading: String::new(),
        places: Vec::new(),
        series: Vec::new(),
        written,
        height: 210,
        room: 1_700,
        with_table: true,
    }
}

struct Path {
    class: String,
    d: String,
}

struct End {
    class: String,
    x: String,
    y: i64,
    words_y: i64,
    words: String,
    words_class: &'static str,
    anchor: &'static str,
    dx: i64,
}

impl Lines {
    /// The words along the axis, and what they are called in the table.
    #[must_use]
    pub fn places<T: Into<String>>(mut self, heading: &str, places: impl IntoIterator<Item = T>) -> Self {
        self.first_heading = heading.to_owned();
        self.places = places.into_iter().map(Into::into).collect();
        self
    }

    /// The line the chart is about.
    #[must_use]
    pub fn series(mut self, name: impl Into<String>, values: impl IntoIterator<Item = Option<i64>>) -> Self {
        self.series.push(Series { name: name.into(), values: values.into_iter().collect(), beside: false });
        self
    }

    /// A line to compare with: dashed, grey.
    #[must_use]
    pub fn beside(mut self, name: impl Into<String>, values: impl IntoIterator<Item = Option<i64>>) -> Self {
        self.series.push(Series { name: name.into(), values: values.into_iter().collect(), beside: true });
        self
    }

    /// A small chart for a side panel: lower, no words at the end of the line.
    #[must_use]
    pub fn small(mut self) -> Self {
        self.height = 150;
        self.room = 300;
        self
    }

    /// Leaves out the table, where the page shows the figures anyway.
    #[must_use]
    pub fn without_table(mut self) -> Self {
        self.with_table = false;
        self
    }

    fn left(&self) -> i64 {
        if self.room < 1_000 { 1_600 } else { 1_200 }
    }

    fn right(&self) -> i64 {
        10_000 - self.room
    }

    fn base(&self) -> i64 {
        self.height - 34
    }

    fn x(&self) -> String {
        pct(self.left())
    }

    fn x_end(&self) -> String {
        pct(self.right())
    }

    fn words_x(&self) -> String {
        pct(self.left() - 100)
    }

    fn width(&self) -> String {
        pct(self.right() - self.left())
    }

    fn plot_height(&self) -> i64 {
        self.base() - 12
    }

    fn scale(&self) -> (i64, Vec<Tick>) {
        let largest = self.series.iter().flat_map(|series| series.values.iter().flatten()).max().copied().unwrap_or(0);
        scale(largest, 12, self.base(), self.written)
    }

    fn ticks(&self) -> Vec<Tick> {
        self.scale().1
    }

    fn steps(&self) -> i64 {
        i64::try_from(self.places.len().saturating_sub(1).max(1)).unwrap_or(1)
    }

    fn drop_to(&self, value: i64) -> i64 {
        let (top, _) = self.scale();
        self.plot_height() - self.plot_height() * value.max(0) / top
    }

    /// The lines, those to compare with first so that the main one lies on top.
    fn paths(&self) -> Vec<Path> {
        let mut order: Vec<&Series> = self.series.iter().collect();
        order.sort_by_key(|series| !series.beside);
        let (mut main, mut beside) = (0, 0);
        let mut path = |series: &Series| {
            let mut d = String::new();
            for (place, value) in (0i64..).zip(&series.values) {
                if let Some(value) = value {
                    d.push(if d.is_empty() { 'M' } else { 'L' });
                    d.push_str(&format!("{} {}", 1000 * place / self.steps(), self.drop_to(*value)));
                }
            }
            if series.beside {
                beside += 1;
                let drawn = if beside == 1 { "app-dash" } else { "app-thin" };
                return Path { class: format!("app-line app-s0 {drawn}"), d };
            }
            main += 1;
            Path { class: format!("app-line app-s{main}"), d }
        };
        order.into_iter().map(&mut path).collect()
    }

    fn ends(&self) -> Vec<End> {
        let mut ends: Vec<End> = Vec::new();
        let mut main = 0;
        for series in &self.series {
            if !series.beside {
                main += 1;
            }
            let last =
                (0i64..).zip(&series.values).filter_map(|(place, value)| value.map(|value| (place, value))).last();
            let Some((place, value)) = last else { continue };
            let y = 12 + self.drop_to(value);
            let unfinished = place < self.steps() && !series.beside;
            let mut words_y = if unfinished { y - 8 } else { y + 5 };
            while ends.iter().any(|end| (end.words_y - words_y).abs() < 15) {
                words_y += 8;
            }
            ends.push(End {
                class: if series.beside { "app-f0".to_owned() } else { format!("app-f{main}") },
                x: pct(self.left() + (self.right() - self.left()) * place / self.steps()),
                y,
                words_y,
                words: if self.room < 1_000 { String::new() } else { series.name.clone() },
                words_class: if series.beside { "app-hide-s" } else { "app-t-b" },
                anchor: if unfinished { "end" } else { "start" },
                dx: if unfinished { -6 } else { 8 },
            });
        }
        ends
    }

    fn labels(&self) -> Vec<Label> {
        let every = self.places.len().div_ceil(if self.room < 1_000 { 6 } else { 16 }).max(1);
        let one = |(place, words): (usize, &String)| {
            let step = i64::try_from(place).unwrap_or(0);
            let class = if (place / every).is_multiple_of(2) { "" } else { "app-hide-s" };
            Label {
                x: pct(self.left() + (self.right() - self.left()) * step / self.steps()),
                words: words.clone(),
                class,
            }
        };
        self.places.iter().enumerate().filter(|(place, _)| place.is_multiple_of(every)).map(one).collect()
    }

    fn table(&self) -> Table {
        let heads = std::iter::once(col(&self.first_heading)).chain(self.series.iter().map(|series| num(&series.name)));
        let rows = self.places.iter().enumerate().map(|(place, words)| {
            self.series.iter().fold(row().cell(words), |line, series| {
                line.cell(series.values.get(place).copied().flatten().map(|value| (self.written)(value)))
            })
        });
        table(&self.title).columns(heads).rows(rows).narrow()
    }
}

#[derive(Template)]
#[template(path = "ui/bar.html")]
struct Bar {
    series: u8,
    width: String,
    mark: Option<String>,
}

/// A bar for a table cell: how much of the largest, in thousandths; an optional goal mark.
pub fn bar(permille: i64, series: u8, mark: Option<i64>) -> Html {
    let width = |permille: i64| pct(permille.clamp(0, 1_000) * 10);
    Html::raw(Bar { series, width: width(permille), mark: mark.map(width) }.to_string())
}

/// A table whose last column draws the figure before it.
#[derive(Clone, Debug)]
pub struct Bars {
    caption: String,
    heading: String,
    figure: String,
    rows: Vec<(Html, String, i64, u8)>,
}

/// A table whose last column draws the figure before it.
pub fn bars(caption: impl Into<String>, heading: impl Into<String>, figure: impl Into<String>) -> Bars {
    Bars { caption: caption.into(), heading: heading.into(), figure: figure.into(), rows: Vec::new() }
}

impl Bars {
    /// One more row: what, the figure in words, its size, the colour 1 to 4.
    #[must_use]
    pub fn row(mut self, what: impl Into<Html>, words: impl Into<String>, size: impl Borrow<i64>, series: u8) -> Self {
        self.rows.push((what.into(), words.into(), *size.borrow(), series));
        self
    }

    /// The table.
    pub fn table(self) -> Table {
        let largest = self.rows.iter().map(|(_, _, size, _)| *size).max().unwrap_or(0).max(1);
        let rows = self.rows.into_iter().map(|(what, words, size, series)| {
            row().cell(what).cell(words).cell(bar(size.max(0) * 1000 / largest, series, None))
        });
        table(self.caption).columns([col(self.heading), num(self.figure), col("Bar").bar()]).rows(rows).narrow()
    }
}

/// One step on the strip of a pathway.
#[derive(Clone, Debug)]
pub struct StripStep {
    /// Days from the due date.
    pub day: i64,
    /// Its name.
    pub name: String,
    /// Whether a person acts.
    pub person: bool,
    /// Days of waiting fixed by law that start here; 0 for none.
    pub legal_wait: i64,
}

/// The steps of a pathway by day from the due date, with waiting that the law fixes shaded.
#[derive(Clone, Debug, Template)]
#[template(path = "ui/step_strip.html")]
pub struct StepStrip {
    id: String,
    steps: Vec<StripStep>,
}

/// The steps of a pathway by day from the due date.
pub fn step_strip(id: &str, steps: Vec<StripStep>) -> StepStrip {
    StepStrip { id: id.to_owned(), steps }
}

struct Dot {
    x: String,
    words_y: i64,
    words: String,
    class: &'static str,
    anchor: &'static str,
}

struct Wait {
    x: String,
    width: String,
    middle: String,
    words: String,
}

impl StepStrip {
    fn first(&self) -> i64 {
        self.steps.iter().map(|step| step.day).min().unwrap_or(0).min(0)
    }

    fn last(&self) -> i64 {
        self.steps.iter().map(|step| step.day + step.legal_wait).max().unwrap_or(0).max(30)
    }

    fn at(&self, day: i64) -> i64 {
        600 + (day - self.first()) * 8_800 / (self.last() - self.first()).max(1)
    }

    fn desc(&self) -> String {
        let words: Vec<String> = self.steps.iter().map(|step| format!("Day {}: {}.", step.day, step.name)).collect();
        words.join(" ")
    }

    fn dots(&self) -> Vec<Dot> {
        let dot = |(place, step): (i64, &StripStep)| Dot {
            x: pct(self.at(step.day)),
            words_y: 14 + 18 * (place % 3),
            words: step.name.clone(),
            class: if step.person { "app-f3" } else { "app-f1" },
            anchor: match self.at(step.day) {
                at if at > 8_600 => "end",
                at if at < 1_000 => "start",
                _ => "middle",
            },
        };
        (0i64..).zip(&self.steps).map(dot).collect()
    }

    fn waits(&self) -> Vec<Wait> {
        let wait = |step: &StripStep| Wait {
            x: pct(self.at(step.day)),
            width: pct(self.at(step.day + step.legal_wait) - self.at(step.day)),
            middle: pct((self.at(step.day) + self.at(step.day + step.legal_wait)) / 2),
            words: format!("{} days: set by law", step.legal_wait),
        };
        self.steps.iter().filter(|step| step.legal_wait > 0).map(wait).collect()
    }

    fn marks(&self) -> Vec<Label> {
        let days = (0..=self.last()).step_by(30);
        let words = |day: i64| {
            if day == 0 { "Due date".to_owned() } else { format!("Day {day}") }
        };
        days.map(|day| Label { x: pct(self.at(day)), words: words(day), class: "" }).collect()
    }
}

component!(Columns, Lines, StepStrip);

impl From<Bars> for Html {
    fn from(bars: Bars) -> Self {
        bars.table().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scales_are_round_and_start_at_nothing() {
        let (top, ticks) = scale(155_000_000, 22, 216, |value| value.to_string());
        assert_eq!(top, 200_000_000);
        assert_eq!((ticks[0].y, ticks[0].words.as_str()), (216, "0"));
        assert_eq!(ticks.last().unwrap().y, 22);
        assert_eq!(scale(0, 0, 10, |value| value.to_string()).0, 1);
    }

    #[test]
    fn an_empty_chart_is_still_a_picture() {
        let html = columns("c", "Debt", "None.", |value| value.to_string()).to_string();
        assert!(html.contains("role=\"img\""));
    }
}
