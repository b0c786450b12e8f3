# ruff: noqa: RUF001 - the texts are of many scripts
"""Texts of many scripts read with wrong encodings, and ordinary texts that were not."""

from collections.abc import Iterator

WRITTEN = {
    "Chinese": ["今天天气很好我们去吃饭吧", "真的吗？我不相信", "这个老师很好"],
    "traditional Chinese": ["今天天氣很好我們去吃飯吧", "這裡的東西真貴"],
    "Tamil": ["உண்மையா இது நல்ல உணவு", "வணக்கம்"],
    "Malay with quotes": ["kata dia “saya lapar” lah", "itu ‘bagus’ sekali…", "don’t play play"],
    "emoji": ["so funny 😂", "nice 🔥🔥", "ok 🙏"],
    "Arabic": ["مرحبا بالعالم", "كيف حالك اليوم"],
    "Hindi": ["यह बहुत अच्छा है"],
    "Thai": ["สวัสดีครับ วันนี้อากาศดี"],
    "Japanese": ["こんにちは世界", "今日はいい天気ですね"],
    "Korean": ["안녕하세요 오늘 날씨 좋네요"],
    "Russian": ["Привет, как дела сегодня", "хорошо"],
    "Greek": ["Καλημέρα τι κάνεις"],
    "French": ["café déjà vu à la crème", "Ça va très bien"],
    "German": ["Müller größer übermäßig"],
    "Vietnamese": ["Tôi không biết nữa", "phở ngon quá"],
    "Hebrew": ["שלום עולם מה שלומך"],
}
"""Texts by script or language."""
ENCODINGS = (
    *("cp1252", "latin-1", "mac_roman", "cp1251", "cp437", "cp850", "cp1250"),
    *("cp1254", "cp1256", "koi8_r", "gbk", "big5"),
    *("mac_cyrillic", "koi8_u", "cp852", "cp949"),
)
"""What UTF-8 is read with by mistake."""
ENCODED = {
    "Chinese": ["gbk", "big5"],
    "Russian": ["cp1251", "koi8_r"],
    "Arabic": ["cp1256"],
    "Thai": ["cp874"],
    "Greek": ["cp1253"],
    "Hebrew": ["cp1255"],
    "Japanese": ["cp932"],
    "Korean": ["cp949"],
}
"""Encodings that are read as Latin-1 by mistake, by script."""
DOUBLE = ("gbk", "big5", "cp949")
ORDINARY = [
    "wah lau eh this queue damn long sia", "today makan laksa shiok 😂😂😂",
    "why liddat one??? bo jio!!", "what??? why like that????", "???", "??", "huh ?? why ???",
    "wah ??? really", "??? lol", "WTF???", "really?!?!", "is it?yes", "e.g. (?)", "how much ah? 5? 6?",
    "ok?? ok!!", "?what", "watch?v=abc&t=10", "youtube.com/watch?t=10s", "“Hello…” he said — “no”",
    "½ price! 3²=9", "£5 or €6", "100°C ±2", "naïve résumé coöperate", "ÀÉÎ", "São Paulo não é aqui",
    "Ångström Øre", "crème brûlée ééé", "¿Qué tal? ¡Hola!", "Łódź Gdańsk", "İstanbul ğüşiöç",
    "það er gott", "œuvre cœur", "©2024 ®™", "« Bonjour » dit-il", "… ok ……", "→ ← ✓ ★", "(╯°□°)╯︵ ┻━┻",
    "ʕ•ᴥ•ʔ", "¯\\_(ツ)_/¯", "ლ(ಠ益ಠლ)", "(´･ω･`)", "ヽ(´▽`)/", "👩‍🍳👨‍👩‍👧", "ñandú", "Ün çok güzel",
    "1€ = 1.5$", "3×4=12", "A–B—C", "l’été à côté", "¥500、¥600", "５００円", "【公告】今天", "「你好」",
    "哈哈哈哈哈……", "涂鸦 溴化 潘家", "龍鳳馬鹿 繁體字測試", "麻辣香锅 羊肉串 螺蛳粉",
    "鱼香肉丝 糍粑 馒头 嗨嗨嗨 哎呀", "怎么办啊 呜呜呜 嘻嘻 嘿嘿", "喺度做咩 佢哋 唔係",
    "日本語のテキスト カタカナ", "ﾊﾝｶｸ ｶﾀｶﾅ", "한글 텍스트", "இது தமிழ்", "ไทย เธอเธอ เนเน", "ط ظ طظط",
    "Ελληνικά κείμενο", "русский текст Ж", "ÄÖÜß äöü", "à é è ù", "NÃO é ação", "café NÃO Â já",
    "老铁666 没毛病", "我要吃chicken rice可以吗", "忙死了 忙忙忙", "jalan-jalan cari makan",
    "aku tak tahu lah bro", "selamat pagi semua 🌞", "nasi lemak RM5.50 je", "என்ன டா இது 😅",
    "aiyo 怎么办", "eh bro 你 serious ah", "kopi-o kosong 1.20", "“then how?” she ask", "I’m like… ok",
    "don't lah", "rock ’n’ roll", "5’10” tall", "~~~ bye ~~~", "→_→ ok lor",
]  # fmt: skip
"""Texts of a forum in Singapore and its neighbours, and signs that look unusual."""


def misread_texts() -> Iterator[tuple[str, str, str]]:
    """Script, encoding and the text as it came out, for every pair in which something comes out wrong."""
    for script, texts in WRITTEN.items():
        for encoding in ENCODINGS:
            yield from ((script, encoding, misread(text, encoding)) for text in texts if _is_garbled(text, encoding))
    for script, encodings in ENCODED.items():
        for encoding in encodings:
            for text in WRITTEN[script]:
                yield script, f"{encoding} as Latin-1", text.encode(encoding, "ignore").decode("latin-1")


def misread(text: str, encoding: str) -> str:
    """UTF-8 read as browsers do: bytes that a single-byte encoding does not have become control characters."""
    if encoding in DOUBLE:
        return text.encode().decode(encoding, "replace")
    return "".join(_character(byte, encoding) for byte in text.encode())


def _character(byte: int, encoding: str) -> str:
    try:
        return bytes([byte]).decode(encoding)
    except UnicodeDecodeError:
        return chr(byte)


def _is_garbled(text: str, encoding: str) -> bool:
    return misread(text, encoding) != text
