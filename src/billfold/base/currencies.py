"""The currencies in which money can be charged and credited: the three-letter ISO 4217 codes that Stripe supports.

Source: Stripe's document "Supported currencies" (presentment currencies), lower-case as Stripe writes them. It includes the
zero-decimal and the three-decimal ones of `money.py`. A code that is not listed is refused before Stripe is asked.
"""

from __future__ import annotations

from typing import Final

from billfold.base.errors import Invalid

_CODES: Final = (
    "aed afn all amd ang aoa ars aud awg azn bam bbd bdt bgn bhd bif bmd bnd bob brl bsd bwp byn bzd cad cdf chf clp "
    "cny cop crc cve czk djf dkk dop dzd egp etb eur fjd fkp gbp gel gip gmd gnf gtq gyd hkd hnl htg huf idr ils inr "
    "isk jmd jod jpy kes kgs khr kmf krw kwd kyd kzt lak lbp lkr lrd lsl mad mdl mga mkd mmk mnt mop mro mur mvr mwk "
    "mxn myr mzn nad ngn nio nok npr nzd omr pab pen pgk php pkr pln pyg qar ron rsd rub rwf sar sbd scr sek sgd shp "
    "sle sos srd std svc szl thb tjs tnd top try ttd twd tzs uah ugx usd uyu uzs vnd vuv wst xaf xcd xcg xof xpf yer "
    "zar zmw"
)
CURRENCIES: Final = frozenset(_CODES.split())


def checked_currency(given: str, field: str = "currency") -> str:
    """Return a currency's code in lower case, or raise `Invalid` naming the field."""
    # isascii before lower(): the lower case of some letters of other scripts is an ASCII letter.
    code = given.lower() if given.isascii() else given
    if code not in CURRENCIES:
        raise Invalid(f"{field} must be a three-letter ISO 4217 code that Stripe supports, for example usd.")
    return code
