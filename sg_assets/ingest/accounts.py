"""Addresses and names of accounts in folded texts: e-mail as people write and hide it, handles, profile pages."""

import re
from typing import Final

_AT_SIGN: Final = r"(?:@|%40|&#0{0,5}64;?|&#[xX]0{0,4}40;?|&commat;?)"
_OPEN, _CLOSE = r"[\[({<]", r"[\])}>]"
_AT_BRACKETS: Final = rf"\s{{0,2}}{_OPEN}\s?(?:at?|@)\s?{_CLOSE}\s{{0,2}}"
_DOT_WORD: Final = rf"(?:\s?{_OPEN}\s?(?:dot|\.)\s?{_CLOSE}\s?|\s{{1,2}}dot\s{{1,2}}|\s?[-*|_]dot[-*|_]\s?|%2e)"
_TLD: Final = r"(?:com|net|org|edu|gov|sg|my|io|co|uk|au|me|info|biz|hk|cn|in|id|asia|app|dev)"
_DOT: Final = rf"(?:\.|{_DOT_WORD}|\s\.\s?(?={_TLD}\b)|\.\s(?={_TLD}\b(?![\w\s]*[a-z])))"
_PROVIDER: Final = (
    r"(?:g-?mail|googlemail|hotmail|yahoo|ymail|outlook|live|icloud|me|msn|aol|proton(?:mail)?|pm|gmx|mail|yandex|zoho"
    r"|singnet|starhub|pacific|nus|ntu|smu)"
)
_LOCAL: Final = r"(?<![\w.%+-])[\w.%+-]{1,256}"
_LABEL: Final = r"[\w-]{1,63}"
_NO_LOCAL: Final = (
    r"(?!(?:look|looks|looking|looked|check|checked|available|buy|buying|bought|find|found|visit|working|work|works|order"
    r"|ordered|shop|read|posted|contact|mail|email|is|are|was|were|it|them|this|that|here|there|stuff|sale|meet)\s)"
)
EMAIL: Final = re.compile(
    rf"{_LOCAL}(?:{_AT_SIGN}|{_AT_BRACKETS})(?:{_LABEL}{_DOT}){{1,6}}[^\W\d_]{{2,24}}"
    rf"|{_LOCAL}\s{_AT_SIGN}\s?(?:{_LABEL}\.){{1,4}}{_TLD}\b"
    rf"|{_LOCAL}{_AT_SIGN}\s(?:{_LABEL}\.){{1,4}}{_TLD}\b"
    rf"|{_NO_LOCAL}{_LOCAL}(?:\s{{1,2}}at\s{{1,2}}|\s?[-*|_]at[-*|_]\s?)(?:{_LABEL}{_DOT_WORD}){{1,4}}{_TLD}\b"
    rf"|{_LOCAL}\s{{1,2}}at\s{{1,2}}{_PROVIDER}(?:\.|{_DOT_WORD}){_TLD}\b",
    re.IGNORECASE,
)
"""A local part begins where its word does, and repeats are bounded: else a long run of letters takes quadratic time."""

_NAME: Final = r"(?:\\?[\w-])"
_UNITS: Final = (
    r"(?:am|pm|h|hr|hrs|hours?|k|m|mm|cm|km|kg|g|min|mins|sgd|usd|rm|cents?|bucks|each|ea|pcs?|st|nd|rd|th|x|ish)"
)
_RESERVED: Final = (
    r"(?:p|reel|reels|stories|explore|tv|groups|events?|watch|marketplace|share|sharer|photos?|pages|hashtag|search|home"
    r"|intent|i|login|signup|about|help|privacy|terms|settings|notifications|messages|joinchat|addstickers|proxy|socks"
    r"|story\.php|permalink\.php|photo\.php|sharer\.php|plugins|policies|legal|jobs|download|business|c|s|tag|discover)"
)
_SITES: Final = (
    r"(?:instagram\.com(?:/stories)?|hardwarezone\.com\.sg/members|instagr\.am|ig\.me/m|(?:facebook|fb)\.com|fb\.me|m\.me|t\.me(?:/s)?|telegram\.(?:me|dog)"
    r"|linkedin\.com/(?:in|pub)|(?:twitter|x)\.com|tiktok\.com|threads\.(?:net|com)|snapchat\.com/add|wa\.me"
    r"|youtube\.com/(?:c|user|channel)|twitch\.tv|pinterest\.com|weibo\.com|onlyfans\.com|carousell\.(?:com|sg)/u"
    r"|medium\.com|vk\.com|line\.me/ti/p|steamcommunity\.com/(?:id|profiles)|(?:reddit|redd)\.(?:com|it)/(?:u|user))"
)
HANDLES: Final = (
    # An account by its sign, with a letter in it; "@7pm" is a time, and "@_@" a face.
    re.compile(
        rf"(?:@|%40|&#0{{0,5}}64;?|&#[xX]0{{0,4}}40;?|&commat;?)(?![0-9]+{_UNITS}?\b)"
        r"\w*[^\W\d_]\w*(?:[.-]\w+)*",
        re.IGNORECASE,
    ),
    re.compile(rf"(?<!\w)/?u\\?/{_NAME}{{3,}}|(?<=/)user/{_NAME}{{3,}}|(?<!\w)r\\?/u\\?_{_NAME}{{3,}}", re.IGNORECASE),
    re.compile(
        rf"(?<![\w-])(?:[\w-]{{1,20}}\.)?{_SITES}/{{1,2}}@?"
        rf"(?P<name>(?!{_RESERVED}(?![\w.-]))(?:people/[\w.%-]+/[0-9]+|profile\.php\?[\w=&;-]+|[\w.%-]{{2,}}))",
        re.IGNORECASE,
    ),
)
"""Accounts by their signs, and by the addresses of their pages, of which only ``name`` is one."""
