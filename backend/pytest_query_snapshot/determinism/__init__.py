"""Does a golden depend on what nobody promised: the order of insertion, ties, the order of sets?"""
