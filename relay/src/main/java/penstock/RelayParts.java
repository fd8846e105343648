package penstock;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import penstock.config.relay.LogConfig;
import penstock.config.relay.RelayConfig;
import penstock.fanout.SessionSettings;
import penstock.memory.MemoryShare;
import penstock.reload.LivePart;
import penstock.reload.LiveStep;
import penstock.reload.ReloadCandidate;
import penstock.running.FeedChanges;
import penstock.running.RunningFeeds;
import penstock.server.RelayServer;
import penstock.server.tls.ServerTls;
import penstock.telemetry.LogLevels;

/**
 * The parts of a running relay that follow a configuration that is read again.
 *
 * @param plan    of the start; its configuration counts for all that needs a restart
 * @param shares  the memory of the io threads
 */
record RelayParts(RelayPlan plan, RelayServer server, SessionSettings settings,
        List<MemoryShare> shares, RelayAccess access, RunningFeeds feeds) {
    /** Reads a configuration again with {@code again}, and checks all of it as at a start, with {@code check} too. */
    ReloadCandidate read(final Supplier<ConfigOptions.Loaded> again, final Consumer<RelayConfig> check) {
        final ConfigOptions.Loaded read = again.get();
        final RelayConfig next = read.config();
        final RelayPlan nextPlan = new RelayPlan(next, read.venues());
        RelayAccess.check(next);
        check.accept(next);
        final FeedChanges changes = new FeedChanges(feeds, nextPlan.planned(), plan.payloadBytes() / 2);
        return new ReloadCandidate(read.view(), Map.of(
            LivePart.EDGE, () -> () -> server.follow(next.server().edge()),
            LivePart.LIMITS, () -> limits(next, nextPlan),
            LivePart.SESSIONS, () -> sessions(nextPlan),
            LivePart.CERTIFICATES, () -> certificates(nextPlan),
            LivePart.FEEDS, changes::prepare,
            LivePart.SYMBOLS, changes::follow,
            LivePart.LOG, () -> () -> follow(next.log()),
            LivePart.CLIENTS, () -> clients(next)));
    }

    /** From the next line of the log on. */
    static void follow(final LogConfig log) {
        final Map<String, String> levels = new TreeMap<>();
        log.levels().forEach((logger, level) -> levels.put(logger, level.name()));
        LogLevels.follow(log.level() == null ? null : log.level().name(), levels);
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
