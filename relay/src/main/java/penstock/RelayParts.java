package penstock;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import penstock.config.relay.FeedConfig;
import penstock.config.relay.LogConfig;
import penstock.config.relay.RelayConfig;
import penstock.fanout.SessionSettings;
import penstock.fanout.subscription.Interest;
import penstock.feed.FeedPlan;
import penstock.feed.FeedProxy;
import penstock.memory.MemoryShare;
import penstock.reload.LivePart;
import penstock.reload.LiveStep;
import penstock.reload.ReloadCandidate;
import penstock.server.RelayServer;
import penstock.server.tls.ServerTls;
import penstock.telemetry.LogLevels;

/**
 * The parts of a running relay that follow a configuration that is read again.
 *
 * @param plan    of the start; its configuration counts for all that needs a restart
 * @param shares  the memory of the io threads
 * @param feeds   in the order of the configuration
 * @param removed keys of feeds that a reload has ended
 */
record RelayParts(RelayPlan plan, RelayServer server, SessionSettings settings,
        List<MemoryShare> shares, RelayAccess access, List<FeedProxy> feeds, Set<String> removed) {
    /** Reads a configuration again with {@code again}, and checks all of it as at a start, with {@code check} too. */
    ReloadCandidate read(final Supplier<ConfigOptions.Loaded> again, final Consumer<RelayConfig> check) {
        final ConfigOptions.Loaded read = again.get();
        final RelayConfig next = read.config();
        final RelayPlan nextPlan = new RelayPlan(next, read.venues());
        RelayAccess.check(next);
        check.accept(next);
        return new ReloadCandidate(read.view(), Map.of(
            LivePart.EDGE, () -> () -> server.follow(next.server().edge()),
            LivePart.LIMITS, () -> limits(next, nextPlan),
            LivePart.SESSIONS, () -> sessions(nextPlan),
            LivePart.CERTIFICATES, () -> certificates(nextPlan),
            LivePart.FEEDS, () -> removals(next),
            LivePart.SYMBOLS, () -> symbols(next, nextPlan),
            LivePart.LOG, () -> () -> follow(next.log()),
            LivePart.CLIENTS, () -> clients(next)));
    }

    /** From the next line of the log on. */
    static void follow(final LogConfig log) {
        final Map<String, String> levels = new TreeMap<>();
        log.levels().forEach((logger, level) -> levels.put(logger, level.name()));
        LogLevels.follow(log.level() == null ? null : log.level().name(), levels);
    }

    /** Passes the symbols that subscribers name to a feed, which exists before the first subscriber. */
    static Interest interest(final List<FeedProxy> feeds, final int feed) {
        return new Interest() {
            @Override
            public void onAdded(final int channel, final List<String> symbols, final String client) {
                feeds.get(feed).addInterest(channel, symbols, client);
            }

            @Override
            public void onRemoved(final int channel, final List<String> symbols) {
                feeds.get(feed).removeInterest(channel, symbols);
            }
        };
    }

    private LiveStep limits(final RelayConfig next, final RelayPlan nextPlan) {
        return () -> {
            server.limit(next);
            access.limit(next);
            shares.forEach(share -> share.follow(nextPlan.memory()));
        };
    }

    private LiveStep sessions(final RelayPlan nextPlan) {
        final SessionSettings next = nextPlan.sessions(plan.config().server().limits().maxFrameBytes());
        return () -> {
            settings.follow(next);
            server.follow(next.limits());
        };
    }

    /** The plan has read the files. */
    private LiveStep certificates(final RelayPlan nextPlan) {
        final boolean isSwitched = isOn(plan.subscribersTls()) != isOn(nextPlan.subscribersTls())
            || isOn(plan.operatorsTls()) != isOn(nextPlan.operatorsTls());
        return isSwitched ? null : () -> {
            if (isOn(plan.subscribersTls())) {
                plan.subscribersTls().follow(nextPlan.subscribersTls());
            }
            if (isOn(plan.operatorsTls())) {
                plan.operatorsTls().follow(nextPlan.operatorsTls());
            }
        };
    }

    /** Of the feeds that {@code next} does not have. The first one is that of clients which name none. */
    private LiveStep removals(final RelayConfig next) {
        final Map<String, FeedProxy> gone = new TreeMap<>();
        final List<String> keys = List.copyOf(plan.config().feeds().keySet());
        for (final String key : keys) {
            if (!next.feeds().containsKey(key) && !removed.contains(key)) {
                gone.put(key, feeds.get(keys.indexOf(key)));
            }
        }
        return gone.containsKey(keys.get(0)) ? null : new LiveStep() {
            @Override
            public void apply() {
                gone.values().forEach(FeedProxy::remove);
                removed.addAll(gone.keySet());
            }

            @Override
            public boolean covers(final String key) {
                return gone.keySet().stream().anyMatch(feed -> key.startsWith(feed + "."));
            }
        };
    }

    /** Of each feed of the start that is as it was but for its topics. */
    private LiveStep symbols(final RelayConfig next, final RelayPlan nextPlan) {
        final Map<String, Runnable> steps = new TreeMap<>();
        final List<String> nextKeys = List.copyOf(next.feeds().keySet());
        int number = 0;
        for (final Map.Entry<String, FeedConfig> each : plan.config().feeds().entrySet()) {
            final FeedProxy feed = feeds.get(number);
            final FeedPlan before = plan.feeds().get(number++);
            final FeedConfig after = next.feeds().get(each.getKey());
            final FeedPlan then = after == null ? null : nextPlan.feeds().get(nextKeys.indexOf(each.getKey()));
            if (then != null && !removed.contains(each.getKey()) && each.getValue().identity().equals(after.identity())
                    && each.getValue().settings().equals(after.settings()) && before.canFollow(then)) {
                steps.put(each.getKey() + ".", () -> feed.follow(then.channels(), after.topics().symbols()));
            }
        }
        return new LiveStep() {
            @Override
            public void apply() {
                steps.values().forEach(Runnable::run);
            }

            @Override
            public boolean covers(final String key) {
                return steps.keySet().stream().anyMatch(key::startsWith);
            }
        };
    }

    private static boolean isOn(final ServerTls tls) {
        return tls != null;
    }

    private LiveStep clients(final RelayConfig next) {
        final boolean isOther = plan.config().auth().mode() != next.auth().mode()
            || !plan.config().auth().rights().equals(next.auth().rights())
            || plan.config().usage().dir() != null && !access.hasProducts(next.products());
        if (isOther) {
            return null;
        }
        final LiveStep step = access.prepare(next);
        return new LiveStep() {
            @Override
            public void apply() {
                server.follow(next.auth().onExcess());
                step.apply();
            }

            @Override
            public void discard() {
                step.discard();
            }
        };
    }
}
