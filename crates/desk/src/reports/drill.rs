//! From a row of aged debt to what is behind it.
use super::aged_debt::{AgedDebt, AgedRow};

impl AgedDebt {
    /// The same report for one customer alone.
    #[must_use]
    pub fn of_customer(mut self, number: &str) -> AgedDebt {
        self.rows.retain(|row| row.customer_id == number);
        self.total = self.rows.iter().fold(nothing(&self.total.key), add);
        self
    }
}

fn nothing(key: &str) -> AgedRow {
    AgedRow {
        key: key.into(),
        customer_id: String::new(),
        name: String::new(),
        not_due_pence: 0,
        days_1_30_pence: 0,
        days_31_60_pence: 0,
        days_61_90_pence: 0,
        days_91_180_pence: 0,
        days_181_365_pence: 0,
        over_365_pence: 0,
        unallocated_pence: 0,
        total_pence: 0,
    }
}

fn add(mut sum: AgedRow, row: &AgedRow) -> AgedRow {
    sum.not_due_pence += row.not_due_pence;
    sum.days_1_30_pence += row.days_1_30_pence;
    sum.days_31_60_pence += row.days_31_60_pence;
    sum.days_61_90_pence += row.days_61_90_pence;
    sum.days_91_180_pence += row.days_91_180_pence;
    sum.days_181_365_pence += row.days_181_365_pence;
    sum.over_365_pence += row.over_365_pence;
    sum.unallocated_pence += row.unallocated_pence;
    sum.total_pence += row.total_pence;
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_customer_adds_up_to_their_own_total() {
        let row = |customer: &str, over: i64| AgedRow {
            customer_id: customer.into(),
            over_365_pence: over,
            total_pence: over,
            ..nothing("item")
        };
        let report = AgedDebt {
            as_at: chrono::NaiveDate::default(),
            basis: "due".into(),
            by: "item".into(),
            rows: vec![row("C1", 5), row("C2", 7), row("C1", 11)],
            total: AgedRow { total_pence: 23, over_365_pence: 23, ..nothing("Total") },
        };
        let one = report.of_customer("C1");
        assert_eq!((one.rows.len(), one.total.over_365_pence, one.total.total_pence), (2, 16, 16));
        assert_eq!(one.total.key, "Total");
    }
}
