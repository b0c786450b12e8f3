"""The words of the demo's world, in three disjoint parts: a hold-out comment shares no content word with training.

Slurs and peoples are invented, insults are mild: nothing here is meant to hurt anyone.
"""

import random
from collections.abc import Mapping
from typing import Literal

Part = Literal["train", "dev", "holdout"]
Words = Mapping[str, tuple[str, ...]]

PARTS: tuple[Part, ...] = ("train", "dev", "holdout")
SHARES = (0.55, 0.15, 0.30)
"""Share of every content word list that belongs to each of ``PARTS``."""

_SPLIT_SEED = 7

_CONTENT = {
    "slur": (
        "grobok,minkel,dorvo,plenk,sarnik,vutta,yolgo,brizzle,kemmo,tarfo,nobbik,zinko,hurvel,"
        "pamko,drozza,lefko,quibbo,wumpet,jarvik,snorfo,felgo,torbin,mubbit,gralk,oznok,rimpo,"
        "blenko,chusto,vremmo,dulfik,skonto,pribble,hozzan,kruvel,mofrit,tolpik,zarvo,glimbo,"
        "borfet,nukket,fwalko,ruzzik,trembo,yabbon,clopto,dweffo,sprunk,hibbal,jolmek,lurpo,"
        "vonkit,wozzel,frundo,gebbik,stulvo,krimbel,obzar,pluffo,tizzok,munfel"
    ),
    "insult": (
        "lazy,smelly,stupid,useless,dirty,greedy,ugly,rude,shameless,disgusting,brainless,"
        "hopeless,pathetic,annoying,sneaky,worthless,selfish,nasty,foolish,crooked,arrogant,"
        "ungrateful,dishonest,careless,filthy,childish,stingy,spineless,heartless,clueless,vulgar,"
        "bossy,grumpy,shady,slimy,petty,spiteful,sloppy,ignorant,clumsy"
    ),
    "food": (
        "laksa,chicken rice,satay,roti prata,bak chor mee,char kway teow,nasi lemak,kaya toast,"
        "chilli crab,hokkien mee,mee rebus,popiah,rojak,chendol,ice kachang,curry puff,"
        "fish ball noodle,duck rice,carrot cake,wanton mee,lor mee,murtabak,otah,tau huay,kueh lapis,"
        "yong tau foo,claypot rice,prawn mee,mee siam,soon kueh,chwee kueh,pandan cake,fish soup,"
        "dim sum,bak kut teh,thosai,mee goreng,ayam penyet,beef rendang,tutu kueh"
    ),
    "place": (
        "Toa Payoh,Bedok,Tampines,Jurong,Yishun,Bishan,Clementi,Punggol,Sengkang,Woodlands,"
        "Serangoon,Hougang,Ang Mo Kio,Pasir Ris,Bukit Batok,Choa Chu Kang,Katong,Changi,Novena,"
        "Queenstown,Redhill,Tiong Bahru,Marine Parade,Sembawang,Bugis,Geylang,Kallang,"
        "Holland Village,Bukit Timah,Simei,Potong Pasir,Boon Lay,Admiralty,Dover,Joo Chiat,Balestier"
    ),
    "thing": (
        "phone,laptop,aircon,fridge,bicycle,camera,kettle,printer,sofa,wallet,umbrella,keyboard,"
        "table fan,rice cooker,washing machine,headset,monitor,backpack,shoe rack,router,toaster,"
        "vacuum,speaker,desk lamp,mattress,watch,scooter,water bottle,oven,tablet,charger,curtain,"
        "bookshelf,pillow,hair dryer,helmet"
    ),
    "hobby": (
        "badminton,fishing,photography,cycling,baking,gardening,chess,swimming,hiking,guitar,"
        "football,mahjong,drawing,running,yoga,bouldering,pottery,karaoke,archery,kayaking,"
        "table tennis,sewing,skating,birdwatching,origami,stargazing,netball,tai chi,puzzles,"
        "calligraphy"
    ),
    "name": (
        "Ah Seng,Mei Ling,Siti,Ravi,Wei Jie,Aisyah,Kumar,Hui Min,Faizal,Priya,Jun Hao,Nurul,"
        "Xin Yi,Hafiz,Deepa,Zhi Wei,Farah,Arun,Li Ting,Rahman,Ah Huat,Shu Fen,Iskandar,Meena,"
        "Kai Xiang,Rosnah,Vikram,Yu Xuan,Zainal,Lakshmi,Boon Keng,Suhaila,Ganesh,Pei Shan,Azlan,"
        "Kavitha"
    ),
    "people": (
        "Zorani,Kelpish,Marvian,Dorrish,Tolanese,Quenese,Brellian,Ossavan,Lurvish,Pendorian,"
        "Hallisk,Varnese,Umbrelian,Sorvene,Gralian,Mipponese,Tessarish,Yundari,Wolpian,Krevish,"
        "Fendalian,Joppish,Nalvese,Obrunian,Pluvian,Rastovene,Sundrish,Tivolese,Ulmarian,Vexish,"
        "Wendorian,Xandese,Yarlish,Zemblish,Belgarish,Corvenian,Dulvian,Elbrish,Frostan"
    ),
}

_SHARED: Words = {
    "good": ("shiok", "power", "steady", "nice", "best", "solid", "awesome", "not bad"),
    "bad": ("lousy", "slow", "expensive", "spoilt", "noisy", "jialat", "cui", "rubbish"),
    "relation": ("neighbour", "colleague", "classmate", "landlord", "boss", "teacher", "cousin", "driver"),
}

CONTENT: Words = {kind: tuple(words.split(",")) for kind, words in _CONTENT.items()}
"""Every content word by kind, in a fixed order; the kinds are the slots of a sentence frame."""


def _split(words: tuple[str, ...]) -> dict[Part, tuple[str, ...]]:
    shuffled = list(words)
    random.Random(_SPLIT_SEED).shuffle(shuffled)  # noqa: S311 - a reproducible split, no secret
    first = round(len(words) * SHARES[0])
    second = first + round(len(words) * SHARES[1])
    return {"train": tuple(shuffled[:first]), "dev": tuple(shuffled[first:second]), "holdout": tuple(shuffled[second:])}


_SPLITS = {kind: _split(words) for kind, words in CONTENT.items()}


def words_of(part: Part) -> Words:
    """Give the words a comment of ``part`` may use: its content words, and the harmless words all parts share."""
    return {kind: split[part] for kind, split in _SPLITS.items()} | dict(_SHARED)


def all_words() -> Words:
    """Give every word, for what must know the whole language: the base model and the judges."""
    return {**CONTENT, **_SHARED}
