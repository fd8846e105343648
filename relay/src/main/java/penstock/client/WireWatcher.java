package penstock.client;

import penstock.client.value.MessageEntry;

/** What a subscription reports to each grid that shares it. Called on the client's thread. */
interface WireWatcher {
    /** The interval that the grid asks for. */
    int intervalMs();

    /** A symbol left. */
    void onGone(String symbol);

    /** A state changed, which does not wait for the interval. */
    void onUrgent();

    /** An entry was applied, or was known already. */
    void onEntry(MessageEntry entry, HeldTopic topic);

    /** An update was applied; mode all only. */
    void onEvent(HeldTopic topic);

    /** Events are missing; −1: how many is not known. */
    void onGap(long missed);

    /** All that was asked for has come. */
    void onWhole();

    /** What was asked for does not come. */
    void onRefused(RefusedException reason);
}
