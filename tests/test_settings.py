"""What programs that payerbots starts are told of its environment."""

from payerbots.settings import for_others


def test_programs_that_need_none_of_our_settings_get_none() -> None:
    ours = {"PAYERBOTS_KEY": "Canary", "PAYERBOTS_SUMMIT_BOT1_PASSWORD": "Canary", "Payerbots_Amqp_Url": "x"}
    assert for_others({"PATH": "/usr/bin", "HTTPS_PROXY": "x", **ours}) == {
        "PATH": "/usr/bin",
        "HTTPS_PROXY": "x",
    }
