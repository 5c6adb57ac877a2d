import contextlib
import io
import os
import shutil
import tempfile
import unittest

from boathire import background, export, notify, render, reports
from boathire.api import handle
from boathire.audit import Audit
from boathire.cache import Cache
from boathire.cli import main
from boathire.jobs import JobQueue
from boathire.pricing import load_tariffs
from boathire.repository import Repository
from boathire.service import HireService


class Around(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.folder)
        for name in ("fleet.json", "tariffs.json"):
            shutil.copy(os.path.join("data", name), self.folder)
        self.repository = Repository(os.path.join(self.folder, "fleet.json"))
        self.audit = Audit()
        self.service = HireService(self.repository, load_tariffs("data/tariffs.json"), Cache(), audit=self.audit)
        self.service.hire("R1", "ana", 3, 2)
        self.service.hire("S1", "bo", 3, 1)

    def test_report(self):
        totals = reports.day_totals(self.repository, 3)
        self.assertEqual(totals, {"hires": 2, "hours": 3, "cents": 4300, "kinds": {"rowing": 1, "sailing": 1}})
        self.assertEqual(reports.busiest_boat(self.repository), "R1")
        self.assertEqual(render.text(totals, 3).splitlines()[0], "Boat hire, day 3")
        self.assertIn("<h1>Boat hire, day 3</h1>", render.html(totals, 3))

    def test_export(self):
        self.assertEqual(export.csv_text(self.repository, 3).splitlines()[1], "1,R1,rowing,ana,2,1800")
        self.assertEqual(export.file_name(3), "hires-3.csv")

    def test_audit(self):
        self.assertEqual(self.audit.lines, ["hire R1 ana", "hire S1 bo"])

    def test_jobs(self):
        queue, sent = JobQueue(os.path.join(self.folder, "jobs.json")), []
        queue.put("remind", number=1)
        queue.put("remind", number=9)
        queue.put("report", day=3)
        _, problems = queue.run_all(background.actions(self.repository, sent.append))
        self.assertEqual(problems, ["remind: there is no hire 9"])
        self.assertEqual(sent[0], "ana: boat R1 waits for you at Old Quay on day 3, for 2 h.")
        self.assertTrue(sent[1].startswith("Subject: report of day 3\n\nBoat hire, day 3\n"))
        self.assertEqual(len(queue.waiting()), 1)

    def test_mail(self):
        self.assertEqual(notify.report_mail("text", 4), "Subject: report of day 4\n\ntext")

    def test_api(self):
        self.assertEqual(handle(self.service, "/free?day=3"), (200, {"free": ["P1", "R2"]}))
        self.assertEqual(handle(self.service, "/hire?boat=R1&guest=kim&day=3&hours=1")[0], 409)
        self.assertEqual(handle(self.service, "/quote?kind=pedal&day=3")[0], 400)

    def test_command_line(self):
        with contextlib.redirect_stdout(io.StringIO()) as out:
            for line in ("hire P1 kim 3 1", "free 3", "back 3", "jobs", "export 3"):
                self.assertEqual(main(["--data", self.folder, *line.split()]), 0)
        lines = out.getvalue().splitlines()
        self.assertEqual(lines[:3], ["3: P1 for kim, 1 h, 12.00", "R2", "3: P1 for kim, 1 h"])
        self.assertEqual(lines[-1], os.path.join(self.folder, "hires-3.csv"))
