package penstock.oracle.relays;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/** What goes wrong in a schedule, until it is to be calm. One thread. */
final class Faults {
    private static final long MS = 1_000_000;
    private static final int MOST_APART_MS = 6_000;
    private static final int HOUR_MS = 3_600_000;

    private final Network network;
    private final SharedVenue venue;
    private final SimulatedEtcd etcd;
    private final List<String> addresses;
    private final Consumer<String> starter;
    private final Random random;
    /** Connections that are slow. */
    private final List<Network.Connection> slow = new ArrayList<>();
    /** When the last one that ends by itself is over. */
    private long untilNs;
    /** A clock was set: without the key, nobody might know how high the epochs of that process have been. */
    private boolean hasStepped;
    private boolean hasForgotten;

    /** {@code starter} starts a relay at an address. */
    Faults(final Network network, final SharedVenue venue, final SimulatedEtcd etcd, final List<String> addresses,
            final Consumer<String> starter) {
        this.network = network;
        this.venue = venue;
        this.etcd = etcd;
        this.addresses = addresses;
        this.starter = starter;
        random = network.random;
    }

    /** Maybe something. */
    void happen() {
        switch (random.nextInt(60)) {
            case 0, 1 -> ofLink(connection -> connection.reset(false));
            case 2 -> ofLink(connection -> connection.reset(true));
            case 3, 4 -> ofLink(this::slow);
            case 5 -> slow.forEach(this::restore);
            case 6, 7 -> apart();
            case 8, 9 -> pause();
            case 10 -> kill();
            case 11 -> etcd.loseQuorum(last(random.nextInt(6_000) * MS));
            case 12 -> forget();
            case 13 -> step();
            case 14 -> ofVenue(VenueLine::reset);
            case 15 -> ofVenue(VenueLine::breakSilently);
            case 16 -> ofVenue(line -> line.stall(last(random.nextInt(1_500) * MS)));
            default -> { }
        }
    }

    /** Maybe lines of links become thin, or are it no more; nothing else goes wrong. */
    void happenToLines() {
        switch (random.nextInt(8)) {
            case 0 -> ofLink(this::slow);
            case 1 -> slow.forEach(this::restore);
            default -> { }
        }
    }

    private long last(final long ns) {
        untilNs = Math.max(untilNs, network.timeline.nowNs() + ns);
        return ns;
    }

    private void ofLink(final Consumer<Network.Connection> fault) {
        final Network.Connection any = network.anyLink();
        if (any != null) {
            fault.accept(any);
        }
    }

    private void slow(final Network.Connection link) {
        network.log(link.near() + " reads slowly from " + link.far().address());
        slow.add(link);
        link.slow(20 + random.nextInt(200));
    }

    private void restore(final Network.Connection link) {
        link.slow(Integer.MAX_VALUE);
    }

    private void ofVenue(final Consumer<VenueLine> fault) {
        if (!venue.lines.isEmpty()) {
            fault.accept(venue.lines.get(random.nextInt(venue.lines.size())));
        }
    }

    private String anyAddress() {
        return addresses.get(random.nextInt(addresses.size()));
    }

    /** Most of what happens to processes happens to the one that is connected. */
    private SimulatedRelay anyRelay() {
        final SimulatedProcess connected = venue.connected();
        return network.at(connected != null && random.nextInt(3) > 0 ? connected.name : anyAddress());
    }

    private void apart() {
        final String one = anyRelay().address();
        final int other = random.nextInt(addresses.size() + 2);
        final String far = other == 0 ? Network.VENUE : other == 1 ? Network.ETCD : addresses.get(other - 2);
        if (!one.equals(far)) {
            network.cut(one, far, last(random.nextInt(MOST_APART_MS) * MS));
        }
    }

    private void pause() {
        final SimulatedRelay relay = anyRelay();
        if (!relay.process.isDead()) {
            final long ns = (100 + random.nextInt(random.nextInt(3) == 0 ? 9_900 : 900)) * MS;
            network.log(relay.address() + " stands still for " + ns / MS + " ms");
            relay.process.pause(last(ns));
            network.world.executeAfter(venue::check, ns + SimulatedProcess.WAKE_NS);
        }
    }

    private void kill() {
        final SimulatedRelay relay = anyRelay();
        if (!relay.process.isDead()) {
            relay.kill(venue);
        }
        network.world.executeAfter(() -> restart(relay.address()), last(random.nextInt(5_000) * MS));
    }

    private void restart(final String address) {
        if (network.at(address).process.isDead()) {
            starter.accept(address);
        }
    }

    private void forget() {
        hasForgotten |= !hasStepped && etcd.forget();
    }

    private void step() {
        if (!hasForgotten) {
            hasStepped = true;
            final long byMs = random.nextInt(2 * HOUR_MS) - HOUR_MS;
            final SimulatedProcess process = anyRelay().process;
            network.log("the clock of " + process + " is set by " + byMs + " ms");
            process.stepClock(byMs * 1_000);
        }
    }

    /** Nothing new happens: what ends by itself does so. Returns when. */
    long calmDown() {
        etcd.calmDown();
        slow.forEach(this::restore);
        addresses.forEach(this::restart);
        return untilNs;
    }
}
