//! What the fields of a decision say that an approver would leave, whatever platform they are on.
use crate::domain::decide::Verdict;
use crate::domain::narrow::{Keep, NotLess, Wish};
use crate::show::narrowing::Filled;
use chrono::TimeDelta;

/// The fields as they were sent; one that was not there says nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Narrowed {
    /// How often the request had been narrowed when they were drawn.
    pub seen: Option<usize>,
    /// For how long, in seconds.
    pub duration: Option<String>,
    /// What stays, by place.
    pub keep: Option<Vec<String>>,
    /// What goes, by place.
    pub out: Option<Vec<String>>,
}

impl Narrowed {
    /// A yes to what is left then.
    ///
    /// # Errors
    ///
    /// [`NotLess`] for what none of our fields holds.
    pub fn verdict(&self, reason: Option<String>) -> Result<Verdict, NotLess> {
        Ok(Verdict::ApproveLess { reason, wish: self.wish()? })
    }

    fn wish(&self) -> Result<Wish, NotLess> {
        let duration = self.duration.as_deref().map(seconds).transpose()?;
        let keep = match (&self.keep, &self.out) {
            (Some(keep), _) => Keep::Only(places(keep)?),
            (None, Some(out)) => Keep::Without(places(out)?),
            (None, None) => Keep::All,
        };
        Ok(Wish { seen: self.seen, duration, keep })
    }

    /// The fields, for drawing them once more.
    pub fn filled(&self) -> Filled {
        Filled { duration: self.duration.clone(), stays: self.keep.clone() }
    }
}

fn seconds(text: &str) -> Result<TimeDelta, NotLess> {
    text.parse().ok().and_then(TimeDelta::try_seconds).ok_or(NotLess::NoTime)
}

fn places(texts: &[String]) -> Result<Vec<usize>, NotLess> {
    texts.iter().map(|text| text.parse().map_err(|_| NotLess::Foreign)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_field_of_ours_holds_is_no_wish() {
        let of = |duration: Option<&str>, keep: Option<&[&str]>| Narrowed {
            seen: Some(0),
            duration: duration.map(str::to_owned),
            keep: keep.map(|keep| keep.iter().map(|text| (*text).to_owned()).collect()),
            out: None,
        };
        for (duration, keep, expected) in [
            (Some("7200"), Some(&["0", "2"][..]), Ok(Keep::Only(vec![0, 2]))),
            (None, Some(&[][..]), Ok(Keep::Only(Vec::new()))),
            (None, None, Ok(Keep::All)),
            (Some("2h"), None, Err(NotLess::NoTime)),
            (Some("9223372036854775807"), None, Err(NotLess::NoTime)),
            (Some(""), None, Err(NotLess::NoTime)),
            (None, Some(&["-1"]), Err(NotLess::Foreign)),
            (None, Some(&["payments"]), Err(NotLess::Foreign)),
            (None, Some(&["99999999999999999999999"]), Err(NotLess::Foreign)),
        ] {
            let wish = of(duration, keep).wish();
            assert_eq!(wish.map(|wish| wish.keep), expected, "{duration:?} {keep:?}");
        }
    }
}
