#include "textflag.h"

// Turns right by 24 and by 16 bits, as byte shuffles.
DATA ·turn24<>+0x00(SB)/8, $0x0201000706050403
DATA ·turn24<>+0x08(SB)/8, $0x0a09080f0e0d0c0b
DATA ·turn24<>+0x10(SB)/8, $0x0201000706050403
DATA ·turn24<>+0x18(SB)/8, $0x0a09080f0e0d0c0b
GLOBL ·turn24<>(SB), (NOPTR+RODATA), $32

DATA ·turn16<>+0x00(SB)/8, $0x0100070605040302
DATA ·turn16<>+0x08(SB)/8, $0x09080f0e0d0c0b0a
DATA ·turn16<>+0x10(SB)/8, $0x0100070605040302
DATA ·turn16<>+0x18(SB)/8, $0x09080f0e0d0c0b0a
GLOBL ·turn16<>(SB), (NOPTR+RODATA), $32

// a = a + b + 2*low32(a)*low32(b), for two pairs at once. Uses Y8 and Y9.
#define MULADD(a, b, a2, b2) \
	VPMULUDQ b, a, Y8;    \
	VPMULUDQ b2, a2, Y9;  \
	VPADDQ   b, a, a;     \
	VPADDQ   b2, a2, a2;  \
	VPADDQ   Y8, Y8, Y8;  \
	VPADDQ   Y9, Y9, Y9;  \
	VPADDQ   Y8, a, a;    \
	VPADDQ   Y9, a2, a2

// GB of RFC 9106, section 3.6, on four columns in each of two sets of
// registers. Y14 and Y15 hold the turns.
#define GB(a, b, c, d, a2, b2, c2, d2) \
	MULADD(a, b, a2, b2);    \
	VPXOR   a, d, d;         \
	VPXOR   a2, d2, d2;      \
	VPSHUFD $0xb1, d, d;     \
	VPSHUFD $0xb1, d2, d2;   \
	MULADD(c, d, c2, d2);    \
	VPXOR   c, b, b;         \
	VPXOR   c2, b2, b2;      \
	VPSHUFB Y14, b, b;       \
	VPSHUFB Y14, b2, b2;     \
	MULADD(a, b, a2, b2);    \
	VPXOR   a, d, d;         \
	VPXOR   a2, d2, d2;      \
	VPSHUFB Y15, d, d;       \
	VPSHUFB Y15, d2, d2;     \
	MULADD(c, d, c2, d2);    \
	VPXOR   c, b, b;         \
	VPXOR   c2, b2, b2;      \
	VPADDQ  b, b, Y8;        \
	VPADDQ  b2, b2, Y9;      \
	VPSRLQ  $63, b, b;       \
	VPSRLQ  $63, b2, b2;     \
	VPXOR   Y8, b, b;        \
	VPXOR   Y9, b2, b2

// Two rows of 16 words: each register is a line of the 4 x 4 matrix, and the
// diagonals are its lines turned.
#define TURN(b, c, d, left, right) \
	VPERMQ $left, b, b;  \
	VPERMQ $0x4e, c, c;  \
	VPERMQ $right, d, d

#define ROW(at) \
	VMOVDQU (at+0)(SI), Y0;          \
	VMOVDQU (at+32)(SI), Y1;         \
	VMOVDQU (at+64)(SI), Y2;         \
	VMOVDQU (at+96)(SI), Y3;         \
	VMOVDQU (at+128)(SI), Y4;        \
	VMOVDQU (at+160)(SI), Y5;        \
	VMOVDQU (at+192)(SI), Y6;        \
	VMOVDQU (at+224)(SI), Y7;        \
	VPXOR   (at+0)(DX), Y0, Y0;      \
	VPXOR   (at+32)(DX), Y1, Y1;     \
	VPXOR   (at+64)(DX), Y2, Y2;     \
	VPXOR   (at+96)(DX), Y3, Y3;     \
	VPXOR   (at+128)(DX), Y4, Y4;    \
	VPXOR   (at+160)(DX), Y5, Y5;    \
	VPXOR   (at+192)(DX), Y6, Y6;    \
	VPXOR   (at+224)(DX), Y7, Y7;    \
	GB(Y0, Y1, Y2, Y3, Y4, Y5, Y6, Y7); \
	TURN(Y1, Y2, Y3, 0x39, 0x93);    \
	TURN(Y5, Y6, Y7, 0x39, 0x93);    \
	GB(Y0, Y1, Y2, Y3, Y4, Y5, Y6, Y7); \
	TURN(Y1, Y2, Y3, 0x93, 0x39);    \
	TURN(Y5, Y6, Y7, 0x93, 0x39);    \
	VMOVDQU Y0, (at+0)(CX);          \
	VMOVDQU Y1, (at+32)(CX);         \
	VMOVDQU Y2, (at+64)(CX);         \
	VMOVDQU Y3, (at+96)(CX);         \
	VMOVDQU Y4, (at+128)(CX);        \
	VMOVDQU Y5, (at+160)(CX);        \
	VMOVDQU Y6, (at+192)(CX);        \
	VMOVDQU Y7, (at+224)(CX)

// Two columns, whose matrix lines lie in two registers each, the first column
// in the low halves: Y0 Y4, Y1 Y5, Y2 Y6, Y3 Y7. Turning a line crosses them.
#define CROSS(x, y, first, second) \
	VPBLENDD $first, y, x, Y8;   \
	VPBLENDD $second, y, x, Y9;  \
	VPERMQ   $0xb1, Y8, x;       \
	VPERMQ   $0xb1, Y9, y

#define OUT(at, y) \
	VPXOR   (at)(SI), y, y; \
	VPXOR   (at)(DX), y, y; \
	VMOVDQU y, (at)(DI)

#define COLUMN(at) \
	VMOVDQU (at+0)(CX), Y0;     \
	VMOVDQU (at+128)(CX), Y4;   \
	VMOVDQU (at+256)(CX), Y1;   \
	VMOVDQU (at+384)(CX), Y5;   \
	VMOVDQU (at+512)(CX), Y2;   \
	VMOVDQU (at+640)(CX), Y6;   \
	VMOVDQU (at+768)(CX), Y3;   \
	VMOVDQU (at+896)(CX), Y7;   \
	GB(Y0, Y1, Y2, Y3, Y4, Y5, Y6, Y7); \
	CROSS(Y1, Y5, 0x33, 0xcc);  \
	CROSS(Y3, Y7, 0xcc, 0x33);  \
	GB(Y0, Y1, Y6, Y3, Y4, Y5, Y2, Y7); \
	CROSS(Y1, Y5, 0xcc, 0x33);  \
	CROSS(Y3, Y7, 0x33, 0xcc);  \
	OUT(at+0, Y0);              \
	OUT(at+128, Y4);            \
	OUT(at+256, Y1);            \
	OUT(at+384, Y5);            \
	OUT(at+512, Y2);            \
	OUT(at+640, Y6);            \
	OUT(at+768, Y3);            \
	OUT(at+896, Y7)

// func fillBlock(out, prev, ref, scratch *block)
TEXT ·fillBlock(SB), NOSPLIT, $0-32
	MOVQ    out+0(FP), DI
	MOVQ    prev+8(FP), SI
	MOVQ    ref+16(FP), DX
	MOVQ    scratch+24(FP), CX
	VMOVDQU ·turn24<>(SB), Y14
	VMOVDQU ·turn16<>(SB), Y15
	ROW(0)
	ROW(256)
	ROW(512)
	ROW(768)
	COLUMN(0)
	COLUMN(32)
	COLUMN(64)
	COLUMN(96)
	VZEROUPPER
	RET
