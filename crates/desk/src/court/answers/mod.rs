//! The court's answer files: each taken once, each line worked by the commands that do the same by hand, what cannot be
//! done kept open for a person (LEG-03, LEG-04).
mod deed;
mod find;
mod lines;
mod look;
mod settle;
mod take;
mod work;

pub use look::{AnswerFileShown, court_answer, court_answers};
pub use settle::{AnswerSettled, SettleCourtAnswer, settle_court_answer};
pub use take::{CourtAnswersTaken, TakeCourtAnswers, WorkCourtAnswers, take_court_answers, work_court_answers};
