package penstock.faults;

/**
 * What a run was asked for.
 *
 * @param count repetitions of what a scenario repeats; 0 = as many as it does by itself
 * @param sessions subscribers; 0 = as many as it has by itself
 * @param perSecond updates of the venue; 0 = as many as it sends by itself
 * @param minutes how long a soak lasts
 * @param seed of everything random
 */
record FaultOptions(int count, int sessions, int perSecond, int minutes, long seed) {
    static final String USAGE = "--count N (repetitions), --sessions N (200; 1000 of edges-killed, 4 at each relay of "
        + "edge-stopped), --rate N (2000 updates a second; 100000 of edge-stopped), "
        + "--minutes N (30, of a soak), --seed N (a fresh one)";
    private static final int SESSIONS = 200;
    private static final int PER_SECOND = 2_000;

    /** Reads what stands behind the name of the scenario. */
    static FaultOptions parse(final String[] arguments) {
        int count = 0;
        int sessions = 0;
        int perSecond = 0;
        int minutes = 30;
        long seed = System.nanoTime() & 0xff_ffff_ffffL;
        for (int i = 1; i < arguments.length; i += 2) {
            if (i + 1 == arguments.length) {
                throw new IllegalArgumentException(arguments[i] + " needs a number");
            }
            final long number = number(arguments[i], arguments[i + 1]);
            switch (arguments[i]) {
                case "--count" -> count = (int) number;
                case "--sessions" -> sessions = (int) number;
                case "--rate" -> perSecond = (int) number;
                case "--minutes" -> minutes = (int) number;
                case "--seed" -> seed = number;
                default -> throw new IllegalArgumentException("there is no " + arguments[i] + ", only " + USAGE);
            }
        }
        return new FaultOptions(count, sessions, perSecond, minutes, seed);
    }

    /** Repetitions: as asked for, or {@code byItself}. */
    int count(final int byItself) {
        return count == 0 ? byItself : count;
    }

    @Override
    public int sessions() {
        return sessions(SESSIONS);
    }

    /** Subscribers: as asked for, or {@code byItself}. */
    int sessions(final int byItself) {
        return sessions == 0 ? byItself : sessions;
    }

    @Override
    public int perSecond() {
        return perSecond(PER_SECOND);
    }

    /** Updates of the venue: as asked for, or {@code byItself}. */
    int perSecond(final int byItself) {
        return perSecond == 0 ? byItself : perSecond;
    }

    private static long number(final String name, final String text) {
        try {
            final long number = Long.parseLong(text);
            if (number > 0) {
                return number;
            }
        } catch (final NumberFormatException e) {
            // reported below, like a number that is not positive
        }
        throw new IllegalArgumentException(name + " needs a number above 0, got " + text);
    }
}
