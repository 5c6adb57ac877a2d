"""Two models one after the other: what first the local one, then the frontier model costs and solves, from what both did on the same tasks.

Everything is computed task by task and averaged last: the tasks on which the local model fails are the hard ones, for the
frontier model too, and a formula that multiplies mean rates does not know that.
"""

from llmsweep.analysis.cascades.checked import Verifier, measured_verifier
from llmsweep.analysis.cascades.claims import Claim, claimed, possible
from llmsweep.analysis.cascades.evidence import doubts, sentences
from llmsweep.analysis.cascades.joint import Joint, joint_table
from llmsweep.analysis.cascades.plans import Outcomes, Pair, Plan, Terms, cascade, frontier_only, local_only
from llmsweep.analysis.cascades.study import Asked, Band, Line, Study, study, study_table
from llmsweep.analysis.cascades.tries import Beta, Tries, fit_beta, tries
from llmsweep.analysis.cascades.verdicts import Against, Tolerable, against, tolerable

__all__ = [
    "Against",
    "Asked",
    "Band",
    "Beta",
    "Claim",
    "Joint",
    "Line",
    "Outcomes",
    "Pair",
    "Plan",
    "Study",
    "Terms",
    "Tolerable",
    "Tries",
    "Verifier",
    "against",
    "cascade",
    "claimed",
    "doubts",
    "fit_beta",
    "frontier_only",
    "joint_table",
    "local_only",
    "measured_verifier",
    "possible",
    "sentences",
    "study",
    "study_table",
    "tolerable",
    "tries",
]
