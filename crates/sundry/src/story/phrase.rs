//! One line of a story as words, read from left to right.
use chrono::NaiveDate;
use sundry_domain::money::Pence;

/// A word, or a text in quotes.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Token {
    text: String,
    quoted: bool,
}

/// What is left of a line.
#[derive(Clone, Debug)]
pub struct Phrase {
    tokens: Vec<Token>,
    at: usize,
}

/// A sentence about what is wrong with a line.
pub type Wrong = String;

impl Phrase {
    /// Splits a line at spaces, keeping what stands in double quotes together.
    pub fn of(line: &str) -> Result<Phrase, Wrong> {
        let mut tokens = Vec::new();
        let mut rest = line.trim();
        while !rest.is_empty() {
            if let Some(inside) = rest.strip_prefix('"') {
                let Some((text, after)) = inside.split_once('"') else {
                    return Err("a quotation mark is not closed".into());
                };
                tokens.push(Token { text: text.to_owned(), quoted: true });
                rest = after.trim_start();
            } else {
                let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
                tokens.push(Token { text: rest[..end].to_owned(), quoted: false });
                rest = rest[end..].trim_start();
            }
        }
        Ok(Phrase { tokens, at: 0 })
    }

    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    fn next(&mut self, wanted: &str) -> Result<Token, Wrong> {
        let token = self.peek().cloned().ok_or_else(|| format!("{wanted} is missing at the end of the line"))?;
        self.at += 1;
        Ok(token)
    }

    /// Whether anything is left.
    pub fn is_over(&self) -> bool {
        self.at >= self.tokens.len()
    }

    /// Nothing may be left.
    pub fn end(&self) -> Result<(), Wrong> {
        match self.peek() {
            None => Ok(()),
            Some(token) => Err(format!("`{}` is not understood here", token.text)),
        }
    }

    /// Takes these words if they come next.
    pub fn takes(&mut self, words: &str) -> bool {
        let words: Vec<&str> = words.split(' ').collect();
        let come = words.iter().enumerate().all(|(n, word)| {
            self.tokens.get(self.at + n).is_some_and(|token| !token.quoted && token.text.eq_ignore_ascii_case(word))
        });
        if come {
            self.at += words.len();
        }
        come
    }

    /// These words must come next.
    pub fn must(&mut self, words: &str) -> Result<(), Wrong> {
        if self.takes(words) {
            return Ok(());
        }
        match self.peek() {
            Some(token) => Err(format!("`{words}` was expected where `{}` stands", token.text)),
            None => Err(format!("`{words}` is missing at the end of the line")),
        }
    }

    /// A plain word.
    pub fn word(&mut self, wanted: &str) -> Result<String, Wrong> {
        let token = self.next(wanted)?;
        if token.quoted { Err(format!("{wanted} is written without quotation marks")) } else { Ok(token.text) }
    }

    /// A text in quotation marks.
    pub fn text(&mut self, wanted: &str) -> Result<String, Wrong> {
        let token = self.next(wanted)?;
        if token.quoted { Ok(token.text) } else { Err(format!("{wanted} is written in quotation marks")) }
    }

    /// A text in quotation marks, if one comes next.
    pub fn text_if_any(&mut self) -> Option<String> {
        let text = self.peek().filter(|token| token.quoted).map(|token| token.text.clone())?;
        self.at += 1;
        Some(text)
    }

    /// An amount in pounds with two decimals.
    pub fn money(&mut self) -> Result<Pence, Wrong> {
        let word = self.word("an amount")?;
        read_money(&word).ok_or_else(|| format!("`{word}` is not an amount like 120.00"))
    }

    /// An amount, if one comes next.
    pub fn money_if_any(&mut self) -> Option<Pence> {
        let amount = self.peek().filter(|token| !token.quoted).and_then(|token| read_money(&token.text))?;
        self.at += 1;
        Some(amount)
    }

    /// A date.
    pub fn date(&mut self) -> Result<NaiveDate, Wrong> {
        let word = self.word("a date")?;
        read_date(&word).ok_or_else(|| format!("`{word}` is not a date like 2026-05-01"))
    }

    /// A date, if one comes next.
    pub fn date_if_any(&mut self) -> Option<NaiveDate> {
        let date = self.peek().filter(|token| !token.quoted).and_then(|token| read_date(&token.text))?;
        self.at += 1;
        Some(date)
    }

    /// A whole number.
    pub fn count(&mut self) -> Result<i64, Wrong> {
        let word = self.word("a number")?;
        word.parse().map_err(|_| format!("`{word}` is not a whole number"))
    }

    /// The number of something of a series: `INV-1` is INV-000001, `INV-1/2` its second part.
    pub fn number(&mut self, series: &str) -> Result<String, Wrong> {
        let word = self.word(&format!("a number like {series}-1"))?;
        let (whole, part) = word.split_once('/').map_or((word.as_str(), None), |(whole, part)| (whole, Some(part)));
        let digits =
            whole.strip_prefix(series).and_then(|rest| rest.strip_prefix('-')).and_then(|n| n.parse::<u32>().ok());
        let part = part.map(|part| part.parse::<u32>().map(|n| format!("/{n}"))).transpose();
        let number = digits.zip(part.ok()).map(|(n, part)| format!("{series}-{n:06}{}", part.unwrap_or_default()));
        number.ok_or_else(|| format!("`{word}` is not a number like {series}-1"))
    }

    /// The number of anything: `INV-1`, `WO-1`.
    pub fn any_number(&mut self) -> Result<String, Wrong> {
        let series = self.peek().and_then(|token| token.text.split_once('-')).map(|(series, _)| series.to_owned());
        self.number(&series.unwrap_or_else(|| "INV".into()))
    }

    /// Whether a number of this series comes next.
    pub fn comes(&self, series: &str) -> bool {
        self.peek().is_some_and(|token| !token.quoted && token.text.starts_with(&format!("{series}-")))
    }
}

fn read_date(text: &str) -> Option<NaiveDate> {
    (text.len() == 10).then(|| text.parse().ok()).flatten()
}

fn read_money(text: &str) -> Option<Pence> {
    let (_, decimals) = text.split_once('.')?;
    if decimals.len() == 2 { Pence::parse(text) } else { None }
}
