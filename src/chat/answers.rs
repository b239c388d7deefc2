//! What a person is told when something cannot be done, in their language. The errors' own texts
//! are for the log.
use crate::app::people::{Stranger, Unfit};
use crate::app::{ActError, FormMistake};
use crate::domain::decide::NotAllowed;
use crate::domain::duration::NotADuration;
use crate::show::{Voice, lights, narrowing, statuses, tickets, words};

/// Why a person's act had no effect. What is ours is not explained to them.
pub fn act_error(voice: Voice<'_>, error: &ActError) -> String {
    let key = match error {
        ActError::NotFound => "error-not-found",
        ActError::NotTheirs => "error-not-theirs",
        ActError::NotAllowed(why) => return not_allowed(voice, *why),
        ActError::NeedsReason => "decide-needs-reason",
        ActError::FormGone => "error-form-gone",
        ActError::Crowded => "error-crowded",
        ActError::Late(_, record, why) => {
            return voice.say(
                "late",
                [
                    ("id", record.asked.id.to_string().into()),
                    ("status", statuses::of_state(voice, &record.state).into()),
                    ("why", words::why_not(voice, *why).into()),
                ],
            );
        }
        // Who may see the request hears more (`show::ending::not_extended`).
        ActError::NotExtended(id, _, _) => {
            return voice.say("extend-refused", [("id", id.to_string().into())]);
        }
        ActError::TheirsAlone(person) => {
            let name = words::name(voice, person);
            return voice.say("error-theirs-alone", [("name", name.into())]);
        }
        ActError::NothingLeft(id) => {
            return voice.say("error-nothing-left", [("id", id.to_string().into())]);
        }
        ActError::NotFavorite => "error-not-favourite",
        ActError::Form(mistake) => return form_mistake(voice, mistake),
        ActError::Seal | ActError::CutShort | ActError::Store(_) => "error-ours",
    };
    voice.say(key, [])
}

/// Why somebody may not decide.
pub fn not_allowed(voice: Voice<'_>, why: NotAllowed) -> String {
    let key = match why {
        NotAllowed::Own => "not-allowed-own",
        NotAllowed::NotAnApprover => "not-allowed-not-an-approver",
        NotAllowed::AlreadyApproved => "not-allowed-already-approved",
        NotAllowed::PolicyChanged => "not-allowed-policy-changed",
        NotAllowed::NotLess(why) => return narrowing::not_less(voice, why),
    };
    voice.say(key, [])
}

/// Why a form cannot be taken as it is.
pub fn form_mistake(voice: Voice<'_>, mistake: &FormMistake) -> String {
    let key = match mistake {
        FormMistake::Empty => "mistake-empty",
        FormMistake::NothingAllowed(_) => "mistake-nothing-allowed",
        FormMistake::TooLong { longest } => {
            let longest = words::duration(voice, *longest);
            return voice.say("mistake-too-long", [("longest", longest.into())]);
        }
        FormMistake::NoJustification => "mistake-no-justification",
        FormMistake::Unclear(found) => return lights::refusal(voice, found),
        FormMistake::Ticket(mistake) => return tickets::mistake(voice, mistake),
    };
    voice.say(key, [])
}

/// Why a text is no duration.
pub fn not_a_duration(voice: Voice<'_>, why: NotADuration) -> String {
    let key = match why {
        NotADuration::Unreadable => "duration-unreadable",
        NotADuration::Zero => "duration-zero",
        NotADuration::TooLong => "duration-too-long",
    };
    voice.say(key, [])
}

/// Why nobody of the directory is behind an account.
pub fn stranger(voice: Voice<'_>, stranger: Stranger) -> String {
    let key = match stranger {
        Stranger::Unfit(Unfit::Deactivated) => "stranger-deactivated",
        Stranger::Unfit(Unfit::Bot) => "stranger-bot",
        Stranger::Unfit(Unfit::Guest) => "stranger-guest",
        Stranger::Unfit(Unfit::OtherWorkspace) => "stranger-other-workspace",
        Stranger::Unknown => "stranger-unknown",
        Stranger::SecondAccount => "stranger-second-account",
        Stranger::Inactive => "stranger-inactive",
    };
    voice.say(key, [])
}
