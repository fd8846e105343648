package penstock.fanout;

import java.util.Random;
import penstock.fanout.format.SessionFormat;
import penstock.testkit.ManualThread;
import penstock.testkit.RecordingSocket;

/** A session whose socket accepts everything, a part or nothing, as chance decides. Owned by the test's thread. */
class FitfulSession {
    final RecordingSocket socket;
    final Session session;
    private final ManualThread thread;
    private final Random random;

    FitfulSession(final Shard shard, final ManualThread thread, final Random random, final SessionFormat format) {
        this.thread = thread;
        this.random = random;
        socket = new RecordingSocket(thread, random);
        session = shard.open(socket, format, "test");
    }

    /** From now on the socket accepts fewer bytes than {@code most}, a random part of each write, or everything. */
    final void changeReading(final int most) {
        switch (random.nextInt(4)) {
            case 0 -> socket.takeOnly(random.nextInt(2) * random.nextInt(most));
            case 1 -> socket.beFickle();
            default -> {
                socket.takeAll();
                writable();
            }
        }
    }

    /** The session writes as often as the socket lets it. */
    final void writable() {
        for (int i = 0; i < 20 && socket.wantsWrites() && !socket.isStalled(); i++) {
            session.onWritable();
            thread.run();
        }
    }
}
