import unittest

from tests.helper import CommandTest


class New(CommandTest):
    def test_new(self):
        self.assertEqual(self.good("new", "rice", "g", "--min", "1kg"), ["new: rice"])
        self.assertIn("item rice g none 1000\n", self.text())

    def test_a_name_that_is_taken(self):
        self.assertEqual(self.ask("new", "salt", "g"), (3, [], "larder: salt is there already"))


class Add(CommandTest):
    def test_add(self):
        self.assertEqual(self.good("add", "flour", "0.5kg", "--best", "2025-11-30"), ["flour: 2 kg"])
        self.assertIn("lot 2025-11-30 1500\n", self.text())

    def test_another_unit(self):
        self.assertEqual(self.ask("add", "flour", "1l"), (3, [], "larder: flour is kept in g"))


class Take(CommandTest):
    def test_take(self):
        self.assertEqual(
            self.good("take", "flour", "1.2 kg"), ["2025-11-30 1 kg", "- 200 g", "flour: 300 g"]
        )
        self.assertIn("item flour g a1 2000\nlot - 300\nitem", self.text())

    def test_too_much(self):
        before = self.text()
        self.assertEqual(self.ask("take", "milk", "3l"), (3, [], "larder: only 2 l of milk"))
        self.assertEqual(self.text(), before)


class Count(CommandTest):
    def test_count(self):
        self.assertEqual(self.good("count", "apples", "13"), ["apples: -3 pc"])
        self.assertEqual(self.good("count", "salt", "1kg"), ["salt: +250 g"])
        self.assertEqual(self.good("count", "salt", "1000"), ["salt: as expected"])


class Import(CommandTest):
    def write(self, text):
        path = f"{self.folder}/list.csv"
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def test_import(self):
        path = self.write("name,quantity,best\nmilk, 1l, 2025-05-30\neggs,6,\n")
        self.assertEqual(self.good("import", path), ["imported: 2"])
        self.assertIn("item eggs pc none 0\nlot - 6\n", self.text())

    def test_a_wrong_line(self):
        before = self.text()
        code, _, message = self.ask("import", self.write("name,quantity,best\nmilk,1l,\nmilk,1kg,\n"))
        self.assertEqual((code, message.split(": ")[1]), (3, "line 3"))
        self.assertEqual(self.text(), before)


if __name__ == "__main__":
    unittest.main()
