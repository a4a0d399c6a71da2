//! Who asks, what they may do, and through which door they came.
use sundry_domain::control::{Duty, Role, must_hold};
use sundry_domain::ids::{OrgId, UserId};
use sundry_domain::money::Pence;
use sundry_domain::refusal::Refusal;

/// The door a request came through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Channel {
    /// A page.
    Web,
    /// A program.
    Api,
    /// The command line.
    Cli,
    /// The job runner.
    Job,
}

impl Channel {
    /// As kept in the audit trail.
    pub fn as_str(self) -> &'static str {
        match self {
            Channel::Web => "web",
            Channel::Api => "api",
            Channel::Cli => "cli",
            Channel::Job => "job",
        }
    }
}

/// Someone, or a program, acting in one organisation.
#[derive(Clone, Debug)]
pub struct Actor {
    /// The organisation they act in; they can see no other.
    pub org: OrgId,
    /// Who.
    pub user: UserId,
    /// Their name.
    pub name: String,
    /// Their roles; empty for the local operator.
    pub roles: Vec<Role>,
    /// What they may do.
    pub duties: Vec<Duty>,
    /// Up to how much they may approve.
    pub limit: Pence,
    /// Their door.
    pub channel: Channel,
}

/// The user id of the operator of the command line.
pub const OPERATOR: UserId = UserId(1);

impl Actor {
    /// The operator of the command line on this machine: every duty, but not over their own work.
    pub fn operator(org: OrgId, name: impl Into<String>) -> Actor {
        Actor {
            org,
            user: OPERATOR,
            name: name.into(),
            roles: Vec::new(),
            duties: Duty::ALL.to_vec(),
            limit: sundry_domain::money::LARGEST,
            channel: Channel::Cli,
        }
    }

    /// Refuses unless they hold the duty.
    pub fn must_hold(&self, duty: Duty) -> Result<(), Refusal> {
        must_hold(&self.duties, duty)
    }

    /// Whether they hold the duty.
    pub fn holds(&self, duty: Duty) -> bool {
        self.duties.contains(&duty)
    }
}
