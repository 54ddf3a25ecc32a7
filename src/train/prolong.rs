//! A run that goes on past its end.

use super::error::Error;
use super::settings::{Settings, Until};
use super::trainer::Trainer;

impl Trainer {
    /// Gives the run other ends: so many steps behind its own, and whether a proven model ends it. With these from the
    /// beginning it would have come to where it is, but for what its log says of all additions.
    ///
    /// # Errors
    /// The steps are too many, or the run is past them.
    pub fn prolong(&mut self, extra_steps: u64, until: Until) -> Result<(), Error> {
        let settings = Settings { extra_steps, until, ..self.settings.clone() };
        settings.check()?;
        if settings.end() < self.state.step {
            return Err(Error::Setting {
                name: "extra_steps",
                value: extra_steps.to_string(),
                wanted: format!(
                    "at least {}: the run is at step {}",
                    self.state.step - settings.steps,
                    self.state.step
                ),
            });
        }
        self.history.set_settings(settings.to_map());
        self.settings = settings;
        Ok(())
    }

    /// Lets a run that is over go on: to the end of its steps where a proven model ended it before, for `more` steps
    /// where it has done all of them.
    ///
    /// # Errors
    /// The steps are too many.
    pub fn extend(&mut self, more: u64) -> Result<(), Error> {
        let until = if self.is_proven() { Until::Steps } else { self.settings.until };
        let is_done = self.state.step >= self.settings.end();
        let extra = self.settings.extra_steps;
        self.prolong(if is_done { extra.saturating_add(more) } else { extra }, until)
    }
}
