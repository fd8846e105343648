package penstock.fanout;

import penstock.fanout.frame.SessionWriter;
import penstock.fanout.schedule.ShardClock;
import penstock.telemetry.Counters;

/** What the sessions of one shard share. */
record SessionContext(SessionSettings settings, ShardClock clock, Counters counters, ControlMessages messages,
        SubscriptionHandler handler, TopicStatusNotifier status, SessionWriter writer) {
}
