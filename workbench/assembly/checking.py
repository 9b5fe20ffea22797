"""The check-ups of the models here."""

from __future__ import annotations

from workbench.assembly.engines import EngineParts
from workbench.assembly.foundation import Foundation
from workbench.assembly.models import ModelParts
from workbench.cancel import CancelToken
from workbench.engine.checking.checkups import CheckUps, Subject


def build_checkups(base: Foundation, engines: EngineParts, models: ModelParts) -> CheckUps:
    def subject(name: str, cancel: CancelToken) -> Subject:
        """What the check-up of an installed model should know of it; a file that nobody has used is compared first."""
        model = models.service.get(name)
        models.service.check_first_use(model, cancel)
        known = next((known for known in models.advisor.models() if known.id == model.catalog_id), None)
        reasons = None if known is None else known.effort != "none"
        return Subject(model.name, model.path, reasons, models.service.template_note(model), models.predicted(model))

    return CheckUps(base.database, engines.service, base.clock, base.bus, subject)
