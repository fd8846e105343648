package penstock.oracle;

import java.util.Random;
import penstock.client.socket.ClientPlatform;
import penstock.client.socket.JvmPlatform;

/**
 * The machine's clock and timers for a client that comes back a fiftieth of the delays later: a thousand cuts take
 * seconds, and the test is about where connections end, not about when. Owned by the client's thread.
 */
final class HastyPlatform implements ClientPlatform {
    private static final double HASTE = 0.02;

    private final ClientPlatform machine = new JvmPlatform();
    private final Random chance;

    HastyPlatform(final Random chance) {
        this.chance = chance;
    }

    @Override
    public long nowMs() {
        return machine.nowMs();
    }

    @Override
    public double random() {
        return HASTE * chance.nextDouble();
    }

    @Override
    public Runnable after(final long ms, final Runnable task) {
        return machine.after(ms, task);
    }

    @Override
    public void frame(final Runnable task) {
        machine.frame(task);
    }

    @Override
    public void close() {
        machine.close();
    }
}
