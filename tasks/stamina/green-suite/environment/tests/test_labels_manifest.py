import unittest

from depot.labels import label, spaced, wrap
from depot.manifest import Entry, read_manifest
from depot.reports import busiest, day_summary

HEAD = "code,name,postcode,weight,size\n"
TABLE = {"7": 1, "1": 2}


class Labels(unittest.TestCase):
    def test_a_very_long_word_is_cut_as_often_as_needed(self):
        self.assertEqual(wrap("to abcdefghijklm", 5), ["to", "abcde", "fghij", "klm"])

    def test_words_are_kept_whole(self):
        self.assertEqual(wrap("the old mill at the river", 8), ["the old", "mill at", "the", "river"])

    def test_groups(self):
        self.assertEqual(spaced("KD0012345E"), "KD 001 2345 E")

    def test_a_label_has_straight_edges(self):
        lines = label("KD0012345E", ["Ida Berg", "Mill Lane 4"], 2500).splitlines()
        self.assertEqual({len(line) for line in lines}, {28})


class Manifest(unittest.TestCase):
    def test_names_with_a_comma(self):
        entries, problems = read_manifest(HEAD + 'KD0012345E,"Berg, Ida",79100,2 kg,40x30x20\n')
        self.assertEqual(problems, [])
        self.assertEqual(entries[0], ("KD0012345E", "Berg, Ida", "79100", 2000, (40, 30, 20)))

    def test_problems_name_their_line(self):
        entries, problems = read_manifest(HEAD + "\nnonsense,a,b,c,d\n")
        self.assertEqual(entries, [])
        self.assertTrue(problems[0].startswith("line 3: "))

    def test_wrong_columns(self):
        with self.assertRaises(ValueError):
            read_manifest("code,name\n")


class Reports(unittest.TestCase):
    def test_the_summary_of_a_day(self):
        entries = [
            Entry("KD0012345E", "Ida", "79100", 2500, (40, 30, 20)),
            Entry("AB0000042P", "Bo", "10100", 6000, (9, 9, 9)),
        ]
        self.assertEqual(day_summary(entries, TABLE), "parcels: 2\nweight: 8.5 kg\nzone 1: 1, 5.90\nzone 2: 1, 11.13")

    def test_the_busiest_senders(self):
        entries = [Entry("KD0012345E", name, "79100", 900, (9, 9, 9)) for name in ("Ida", "Bo", "Ida")]
        self.assertEqual(busiest(entries, 1), [("Ida", 2)])
