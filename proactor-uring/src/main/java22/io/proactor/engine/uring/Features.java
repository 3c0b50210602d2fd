package io.proactor.engine.uring;

/**
 * What the engine may use of the kernel: what the probe found, less what the user has switched off.
 * Each has a property {@code proactor.uring.<name>}, since each has had a kernel bug.
 *
 * @param setupFlags with which a ring can be set up
 * @param buffers property {@code buffers}: rings of provided buffers, from which the kernel picks
 *     when data is there
 * @param multishot property {@code multishot}: one receive submission that goes on; never without
 *     {@code buffers}
 * @param quietSends property {@code quietsends}: sends that are carried out within the submission,
 *     and post a completion only if they fail; see {@link QuietSends}
 * @param ringClose property {@code ringclose}: sockets are closed with the next submission
 * @param direct property {@code direct}: accepted connections in slots of the ring's own file table
 * @param links property {@code links}: chains of entries that the kernel starts one after the other
 * @param splice property {@code splice}: files to sockets without a copy in user space
 * @param zeroCopy property {@code zerocopy}: sends out of the user's own buffer; only if the
 *     property says {@code on}, because loopback and small sends lose by it
 */
record Features(int setupFlags, boolean buffers, boolean multishot, boolean quietSends,
        boolean ringClose, boolean direct, boolean links, boolean splice, boolean zeroCopy) {

    Features {
        assert buffers || !multishot : "a multishot receive takes its buffers from a ring";
    }
}
