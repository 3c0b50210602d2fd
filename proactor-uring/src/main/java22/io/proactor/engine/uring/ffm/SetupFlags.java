package io.proactor.engine.uring.ffm;

/** What a ring is asked for when it is set up, and what the kernel says it can do. */
public final class SetupFlags {

    public static final int IORING_SETUP_CQSIZE = 1 << 3;
    public static final int IORING_SETUP_CLAMP = 1 << 4;
    public static final int IORING_SETUP_R_DISABLED = 1 << 6;
    public static final int IORING_SETUP_SUBMIT_ALL = 1 << 7;
    public static final int IORING_SETUP_TASKRUN_FLAG = 1 << 9;
    public static final int IORING_SETUP_SINGLE_ISSUER = 1 << 12;
    public static final int IORING_SETUP_DEFER_TASKRUN = 1 << 13;
    public static final int IORING_SETUP_NO_SQARRAY = 1 << 16;

    public static final int IORING_FEAT_SINGLE_MMAP = 1;
    public static final int IORING_FEAT_NODROP = 1 << 1;
    public static final int IORING_FEAT_SUBMIT_STABLE = 1 << 2;
    public static final int IORING_FEAT_EXT_ARG = 1 << 8;
    public static final int IORING_FEAT_CQE_SKIP = 1 << 11;
    public static final int IORING_FEAT_LINKED_FILE = 1 << 12;
    public static final int IORING_FEAT_NO_IOWAIT = 1 << 17;

    /** What this library cannot do without: one issuer, and completions only when it asks. 6.1. */
    public static final int REQUIRED = IORING_SETUP_CQSIZE | IORING_SETUP_CLAMP
            | IORING_SETUP_R_DISABLED | IORING_SETUP_SUBMIT_ALL | IORING_SETUP_TASKRUN_FLAG
            | IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN;

    /** What it takes where it can have it: without the array of indexes. 6.6. */
    public static final int PREFERRED = REQUIRED | IORING_SETUP_NO_SQARRAY;

    /** The features that each kernel with {@link #REQUIRED} has, and that are relied on. */
    public static final int FEATURES_REQUIRED = IORING_FEAT_SINGLE_MMAP | IORING_FEAT_NODROP
            | IORING_FEAT_SUBMIT_STABLE | IORING_FEAT_EXT_ARG | IORING_FEAT_CQE_SKIP
            | IORING_FEAT_LINKED_FILE;

    private SetupFlags() {}
}
