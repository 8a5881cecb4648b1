"""Use cases: one verb each. A rule, then storage, in that order."""

from __future__ import annotations

from dataclasses import dataclass

from bot.services.accounts import Accounts
from bot.services.budget import Budget
from bot.services.checkins import CheckIns
from bot.services.cohort_channels import CohortChannels
from bot.services.cohort_settings import CohortSettings
from bot.services.cohorts import Cohorts
from bot.services.exports import Exports
from bot.services.home import Home
from bot.services.news import Newsroom
from bot.services.outbox import Outbox
from bot.services.people import People
from bot.services.programme import Programme
from bot.services.reactions import Reactions
from bot.services.rhythm import Rhythm
from bot.services.ritual_drafts import RitualDrafts
from bot.services.rituals import Rituals
from bot.services.roles import Roles
from bot.services.rota import Rota
from bot.services.speaking import Speaking
from bot.services.support import Support
from bot.services.support_offers import SupportOffers
from bot.services.weekly import WeeklyCheckins


@dataclass(frozen=True, slots=True)
class Services:
    """Everything a handler or a job may ask for."""

    accounts: Accounts
    budget: Budget
    checkins: CheckIns
    cohorts: Cohorts
    cohort_channels: CohortChannels
    cohort_settings: CohortSettings
    exports: Exports
    home: Home
    newsroom: Newsroom
    outbox: Outbox
    people: People
    speaking: Speaking
    programme: Programme
    rhythm: Rhythm
    ritual_drafts: RitualDrafts
    rituals: Rituals
    roles: Roles
    rota: Rota
    support: Support
    weekly: WeeklyCheckins
    reactions: Reactions
    support_offers: SupportOffers
