//! `countersign request extend`

use crate::app::App;
use crate::fault::Outcome;
use crate::ui::seconds;

#[derive(Debug, clap::Args)]
pub(crate) struct Extend {
    /// The live authorization to extend, such as R-1042
    number: String,
    /// Why more time is needed
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// For how long from the approval; as before if absent
    #[arg(long, value_name = "TIME", value_parser = seconds)]
    duration: Option<u64>,
    /// Wait for the decision
    #[arg(long)]
    wait: bool,
}

impl Extend {
    pub(super) fn run(self, app: &App) -> Outcome {
        let old = app.client()?.request(&self.number)?;
        let mut request = super::again::like(&old)?;
        request.reason = self.reason;
        request.duration_secs = self.duration.or(request.duration_secs);
        request.extends = Some(self.number);
        super::new::send(app, &request, self.wait)
    }
}
