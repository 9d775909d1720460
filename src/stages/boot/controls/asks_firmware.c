// SPDX-License-Identifier: GPL-2.0
/* Asks for firmware in each way, the last of which leaves it to user space, which would be waited for. */
#include <linux/completion.h>
#include <linux/device.h>
#include <linux/firmware.h>
#include <linux/module.h>

static DECLARE_COMPLETION(answered);

static void on_answer(const struct firmware *firmware, void *context)
{
	pr_info("asks_firmware: %s\n", firmware ? "there" : "not there");
	release_firmware(firmware);
	complete(&answered);
}

static int __init asks_firmware_init(void)
{
	struct device *device = root_device_register("kport-asks-firmware");
	const struct firmware *firmware;
	int error;

	if (IS_ERR(device))
		return PTR_ERR(device);
	error = request_firmware(&firmware, "kport/none.bin", device);
	pr_info("asks_firmware: %d\n", error);
	if (!error)
		release_firmware(firmware);
	error = request_firmware_nowait(THIS_MODULE, false, "kport/none.bin", device, GFP_KERNEL, NULL, on_answer);
	if (!error)
		wait_for_completion(&answered);
	root_device_unregister(device);
	return error;
}

static void __exit asks_firmware_exit(void)
{
}

module_init(asks_firmware_init);
module_exit(asks_firmware_exit);
MODULE_DESCRIPTION("Asks for firmware that is not there");
MODULE_LICENSE("GPL");
