"""Who this process works for, and on which host."""

import getpass
import os
import platform
from functools import cache

from sg_assets.store.manifests import MadeBy


@cache
def this_maker() -> MadeBy:
    """The user and the host of this process."""
    try:
        user = getpass.getuser()
    except (KeyError, OSError):  # a container may run as a user without a name
        user = str(os.getuid())
    return MadeBy(user=user, host=platform.node())


def maker(who: str) -> MadeBy:
    """The person named, on the host of this process; the user of this process where no name is given."""
    name = " ".join(who.split())
    return MadeBy(user=name, host=this_maker().host) if name else this_maker()
