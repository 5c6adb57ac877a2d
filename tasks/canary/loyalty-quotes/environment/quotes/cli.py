"""The command line."""

import argparse

from quotes.prices import PriceList
from quotes.service import QuoteService


def main(args):
    parser = argparse.ArgumentParser(prog="quotes")
    parser.add_argument("article")
    parser.add_argument("quantity", type=int)
    chosen = parser.parse_args(args)
    amount = QuoteService(PriceList()).quote(chosen.article, chosen.quantity)
    print(f"{amount // 100}.{amount % 100:02}")
    return 0
