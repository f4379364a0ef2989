"""Seeded persons with valid citizen numbers (GB 11643-1999), so that no two walks collide."""

import random
from dataclasses import dataclass

WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
CHECK = "10X98765432"
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗𬎆"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英"
HOME = ["341224", "411425", "522326", "360424", "511025"]  # outside Zhejiang


@dataclass(frozen=True)
class Person:
    citizen_id: str
    name: str
    sex: int  # 1 male, 2 female (GB/T 2261.1)
    phone: str
    home: str


def citizen_id(area: str, born: str, sequence: int) -> str:
    digits = f"{area}{born}{sequence:03d}"
    total = sum(int(digit) * weight for digit, weight in zip(digits, WEIGHTS))
    return digits + CHECK[total % 11]


def make(rng: random.Random, born_year: int | None = None) -> Person:
    """A person of full age (or born in `born_year`), never the same twice for one generator."""
    area = rng.choice(HOME)
    year = born_year or rng.randint(1960, 2000)
    born = f"{year}{rng.randint(1, 12):02d}{rng.randint(1, 28):02d}"
    sequence = rng.randint(1, 999)
    name = rng.choice(SURNAMES) + "".join(rng.sample(GIVEN, rng.randint(1, 2)))
    phone = f"13{rng.randint(0, 999_999_999):09d}"
    return Person(citizen_id(area, born, sequence), name, 1 if sequence % 2 else 2, phone, area)
