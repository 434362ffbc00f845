"""NotifySubscribers: who hears of which change of which event, when, in what words. No Beam, clock or network."""

from transforms.notify.loader import SubscriptionsError, check_item, load_subscriptions, parse_subscriptions
from transforms.notify.schema import Channel, Filter, Subscription, Subscriptions

__all__ = [
    "Channel",
    "Filter",
    "Subscription",
    "Subscriptions",
    "SubscriptionsError",
    "check_item",
    "load_subscriptions",
    "parse_subscriptions",
]
