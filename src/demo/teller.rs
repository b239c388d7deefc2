//! Tells a story line by line, with a bar while something takes its time.
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::time::Duration;

/// Where a story's lines go.
pub type Say<'a> = dyn FnMut(&str) -> std::io::Result<()> + 'a;

/// Tells a story.
pub(super) struct Teller<'a> {
    bar: ProgressBar,
    say: &'a mut Say<'a>,
}

impl<'a> Teller<'a> {
    /// A story of so many steps.
    pub(super) fn new(steps: u64, say: &'a mut Say<'a>) -> anyhow::Result<Self> {
        let bar = ProgressBar::with_draw_target(Some(steps), ProgressDrawTarget::stderr());
        bar.set_style(ProgressStyle::with_template("{bar:24} {pos}/{len} {msg}")?);
        bar.enable_steady_tick(Duration::from_millis(120));
        Ok(Self { bar, say })
    }

    pub(super) fn step(&mut self, line: &str) -> anyhow::Result<()> {
        let number = self.bar.position() + 1;
        let say = &mut self.say;
        self.bar.suspend(|| say(&format!("{number}. {line}")))?;
        self.bar.inc(1);
        Ok(())
    }

    pub(super) fn now(&self, doing: &'static str) {
        self.bar.set_message(doing);
    }

    pub(super) fn end(self) {
        self.bar.finish_and_clear();
    }
}
