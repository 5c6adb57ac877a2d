import unittest
from datetime import date

from aircast import alerts, archive, feed, jingles, log, loudness, mail, quiet, schedule, web
from aircast.config import load


class Parts(unittest.TestCase):
    def setUp(self):
        self.full = load("examples/full.json", {})
        self.plain = load(None, {})

    def test_mail(self):
        self.assertEqual(mail.server(self.full), ("mail.elm.example", 587, True))
        self.assertEqual(mail.envelope(self.full, "ana", "hi", "text\n\n")["subject"], "[Radio Elm] hi")

    def test_alerts(self):
        self.assertEqual([alerts.is_due(self.full, *t) for t in ((19,), (20,), (500, 899), (500, 900))], [False, True, False, True])
        self.assertEqual(alerts.recipients(self.full), ["ana@elm.example", "bo@elm.example"])
        self.assertEqual(alerts.sentence(self.full, 75), "Radio Elm has been silent for 1:15; next alert in 15 minutes")

    def test_archive(self):
        self.assertEqual(archive.path_for(self.full, date(2026, 3, 1), "late jazz"), "/srv/archive/2026/2026-03-01-late_jazz.ogg")
        days = [date(2026, 3, 1), date(2025, 12, 31), date(2026, 1, 4)]
        self.assertEqual(archive.expired(self.full, days, date(2026, 3, 1)), [date(2025, 12, 31)])

    def test_archive_for_ever(self):
        settings = load(None, {"AIRCAST__ARCHIVE__KEEP_DAYS": "null"})
        self.assertEqual(archive.expired(settings, [date(1990, 1, 1)], date(2026, 3, 1)), [])

    def test_jingles(self):
        self.assertEqual([jingles.pick(self.full, s) for s in (0, 1800, 1801, 5400)], ["elm-short.ogg", "elm-long.ogg", None, "elm-short.ogg"])
        self.assertIsNone(jingles.pick(self.plain, 0))

    def test_quiet(self):
        self.assertEqual([quiet.is_quiet(self.full, t) for t in ("22:59", "23:00", "05:59", "06:00")], [False, True, True, False])
        self.assertEqual(quiet.describe(self.plain), "never quiet")

    def test_loudness(self):
        self.assertEqual((loudness.gain_db(self.full, -20.0), loudness.gain_db(self.full, -40.0)), (1.5, 12.0))
        self.assertEqual(loudness.ceiling(self.full, 1000), 950)

    def test_schedule(self):
        self.assertEqual([schedule.on_air(self.full, t) for t in ("07:00", "09:00", "23:30", "00:59")], ["morning", "tape", "jazz", "jazz"])
        self.assertEqual(schedule.free_minutes(self.full), 1095)

    def test_feed(self):
        text = feed.render(self.full, [(date(2026, 1, n), f"no {n}") for n in range(1, 6)])
        self.assertTrue(text.startswith("<channel><title>Elm to go</title><language>de</language><author>Radio Elm</author>"))
        self.assertEqual(text.count("<item>"), 3)
        self.assertIn("<title>Radio</title>", feed.render(self.plain, []))

    def test_web(self):
        self.assertEqual(web.address(self.full), ("0.0.0.0", 9000))
        self.assertEqual(web.page(self.plain), "Radio (en) on port 8080, mail by localhost, mp3 in archive")
        self.assertTrue(web.page(self.full).endswith("ogg in /srv/archive (public)"))

    def test_log(self):
        self.assertEqual(log.options(self.full)["handlers"]["main"]["filename"], "/var/log/aircast.log")
        self.assertEqual(log.options(self.plain)["handlers"]["main"], {"class": "logging.StreamHandler"})
        self.assertTrue(log.is_chatty(self.full))
