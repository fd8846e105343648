package penstock.bench.load.client;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * What all sessions of a {@link ClientSwarm} share. The number of open sessions may be read from any thread; the rest
 * is owned by the swarm's thread.
 */
final class SwarmState {
    private final AtomicInteger opened = new AtomicInteger();
    private int symbolRoom = 16;

    int openedCount() {
        return opened.get();
    }

    void onOpen() {
        opened.incrementAndGet();
    }

    void onOpenLost() {
        opened.decrementAndGet();
    }

    /** Sessions make room for the symbols that any of them has seen, so that each grows once. */
    int symbolRoom(final int symbol) {
        while (symbolRoom <= symbol) {
            symbolRoom *= 2;
        }
        return symbolRoom;
    }
}
