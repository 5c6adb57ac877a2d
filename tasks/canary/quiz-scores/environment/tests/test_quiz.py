import unittest

from quiz.game import Game

KEY = {1: "Paris", 2: "Seven", 3: "Blue"}


class Quiz(unittest.TestCase):
    def test_each_player_has_answers_of_his_own(self):
        game = Game(KEY)
        game.join("ada")
        game.join("ben")
        game.answer("ada", 1, "paris ")
        self.assertEqual(game.sheets["ben"].answers, {})
        self.assertEqual(game.standings(), [("ada", 1), ("ben", 0)])

    def test_rename(self):
        game = Game(KEY)
        game.join("ada")
        game.answer("ada", 1, "Paris")
        game.rename("ada", "Ada L.")
        self.assertEqual(game.standings(), [("Ada L.", 1)])

    def test_a_name_is_taken_once(self):
        game = Game(KEY)
        game.join("ada")
        with self.assertRaises(ValueError):
            game.join("ada")
